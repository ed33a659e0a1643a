import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { createFileAtomic, temporarySuffix } from "../../core";

/** Who works on a run. */
interface Claimant {
  /** This boot of this machine: a process number means nothing on another. */
  readonly machine: string;
  readonly pid: number;
  /**
   * When the process started, in the system's own count, so that a process number used again is not mistaken; 0 where
   * unknown.
   */
  readonly started: string;
  readonly token: string;
}

/** A claim on another machine whose holder has not been heard of for this long is dead. */
const silentMs = 5 * 60_000;
const heartbeatMs = 30_000;

/** The right to compute one run, held by one process at a time. */
export class Claim {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly file: string,
  ) {
    this.heartbeat = setInterval(() => void beat(file), heartbeatMs);
    this.heartbeat.unref();
  }

  /**
   * Claims a run. Claims are files numbered upwards: the next number may be created when the holder of the last is dead
   * or done, and creating is atomic, so two processes never hold one run.
   *
   * @param folder where claims are kept
   * @returns `null` when somebody else works on it
   */
  static async take(folder: string, id: string): Promise<Claim | null> {
    const last = (await claimsOn(folder, id)).at(-1);
    if (last !== undefined && (await isAlive(join(folder, last.file)))) return null;
    const file = join(folder, `${id}.${(last?.number ?? -1) + 1}`);
    const created = await createFileAtomic(file, JSON.stringify({ ...self(), token: randomUUID() }));
    if (!created) return null;
    await beat(file);
    return new Claim(folder, id, file);
  }

  /** Whether somebody works on a run now. */
  static async isHeld(folder: string, id: string): Promise<boolean> {
    const last = (await claimsOn(folder, id)).at(-1);
    return last !== undefined && (await isAlive(join(folder, last.file)));
  }

  /** Gives the run back: finished (nobody needs its claims any more) or for another to go on with. */
  async release(finished: boolean): Promise<void> {
    clearInterval(this.heartbeat);
    if (!finished) {
      const released = createFileAtomic(`${this.file}.released`, "");
      return void (await released.catch(() => rm(this.file, { force: true }))); // a full disk takes no note
    }
    for (const { file } of await claimsOn(this.folder, this.id))
      for (const suffix of [".released", ".alive", ""]) await rm(join(this.folder, file + suffix), { force: true });
  }
}

/** The claims there are on a run, oldest first. */
async function claimsOn(folder: string, id: string): Promise<{ file: string; number: number }[]> {
  const files = await readdir(folder).catch(() => [] as string[]);
  return files
    .filter((file) => file.startsWith(`${id}.`) && /^\d+$/.test(file.slice(id.length + 1)))
    .map((file) => ({ file, number: Number(file.slice(id.length + 1)) }))
    .sort((a, b) => a.number - b.number);
}

async function isAlive(file: string): Promise<boolean> {
  try {
    const claimant = JSON.parse(await readFile(file, "utf8")) as Claimant;
    if (await exists(`${file}.released`)) return false;
    if (claimant.machine !== self().machine) return (await fileSystemNow(file)) - (await lastBeat(file)) < silentMs;
    return processRuns(claimant.pid) && [startOf(claimant.pid), "0"].includes(claimant.started);
  } catch {
    return false; // gone in the meantime, or unreadable: the next number is free
  }
}

/** The file server's clock, which is the one that marks heartbeats: by touching a file beside the claim. */
async function fileSystemNow(file: string): Promise<number> {
  const probe = `${file}.${process.pid}${temporarySuffix}`;
  await createFileAtomic(probe, "");
  const { mtimeMs } = await stat(probe);
  await rm(probe, { force: true });
  return mtimeMs;
}

/** Marks the holder alive, by the file server's clock. */
async function beat(file: string): Promise<void> {
  await writeFile(`${file}.alive`, "1").catch(() => undefined); // a full disk must not stop the run itself
}

async function lastBeat(file: string): Promise<number> {
  const { mtimeMs } = await stat(`${file}.alive`).catch(() => stat(file));
  return mtimeMs;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

let own: Omit<Claimant, "token"> | undefined;

function self(): Omit<Claimant, "token"> {
  own ??= { machine: `${hostname()} ${bootId()}`, pid: process.pid, started: startOf(process.pid) };
  return own;
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return ""; // no Linux: the host's name must do
  }
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0"; // no Linux: only the process number is compared
  }
}

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
