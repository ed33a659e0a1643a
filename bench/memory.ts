import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What a piece of work returned, and the most memory that the whole process held meanwhile. */
export interface Watched<T> {
  readonly value: T;
  /** `null` where the system cannot tell: only Linux forgets an earlier peak. */
  readonly megabytes: number | null;
}

/** Runs `work` and says the peak of the resident memory of this process from its start to its end. */
export async function watchMemory<T>(work: () => T | Promise<T>): Promise<Watched<T>> {
  const canForget = forgetPeak();
  const value = await work();
  return { value, megabytes: canForget ? peakMegabytes() : null };
}

/** Sets the peak that Linux keeps of this process to what is held now. */
function forgetPeak(): boolean {
  if (!existsSync("/proc/self/clear_refs")) return false;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
    return true;
  } catch {
    return false; // a system that keeps this to its administrator: no number, and the table says so by a dash
  }
}

function peakMegabytes(): number | null {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  return found === null ? null : Number(found[1]) / 1024;
}
