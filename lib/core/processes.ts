import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who a process is, for others that share its files. */
export interface ProcessIdentity {
  /**
   * Host, boot and process namespace: a process number means nothing outside of them. Two containers may have one host
   * name.
   */
  readonly machine: string;
  readonly pid: number;
  /**
   * When it started, in the system's own count, so that a process number used again is not mistaken; `"0"` where
   * unknown.
   */
  readonly started: string;
}

/** What is known of a process: `"elsewhere"` where its machine is another, so that nothing can be known. */
export type ProcessState = "running" | "stopped" | "dead" | "elsewhere";

const unknown = "0";
let own: ProcessIdentity | undefined;

/**
 * The identity of this process.
 *
 * @example
 * thisProcess().pid; // process.pid
 */
export function thisProcess(): ProcessIdentity {
  own ??= {
    machine: `${hostname()} ${bootId()} ${processNamespace()}`,
    pid: process.pid,
    started: statOf(process.pid)?.started ?? unknown,
  };
  return own;
}

/**
 * Whether somebody's process still runs. What cannot be told is taken for running.
 *
 * @example
 * stateOf(thisProcess()); // "running"
 */
export function stateOf({ machine, pid, started }: ProcessIdentity): ProcessState {
  if (machine !== thisProcess().machine) return "elsewhere";
  if (!exists(pid)) return "dead";
  const found = statOf(pid);
  if (found === undefined) return "running"; // no Linux, or another person's process behind hidepid
  if (started !== unknown && started !== found.started) return "dead"; // its number was given to another
  if (found.state === "Z" || found.state === "X") return "dead"; // ended, and its parent has not looked
  return found.state === "T" || found.state === "t" ? "stopped" : "running";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another person's
  }
}

function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], started: fields[19] ?? unknown };
  } catch {
    return undefined; // said by the caller's reading of it
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return ""; // no Linux: the host's name must do
  }
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux: there are none
  }
}
