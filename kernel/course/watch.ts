import { readdirSync, readFileSync } from "node:fs";

/** One sandbox that is watched from outside. */
export interface Watched {
  /** The process that everything in it descends from. */
  readonly pid: number;
  readonly processes: number;
  /** In bytes. */
  readonly memory: number;
  /** The folder that both sides see, and what may be in it. */
  readonly folder: string;
  readonly expected: RegExp;
  /** Called once, with what was too much. */
  readonly exceeded: (what: string) => void;
}

const everyMs = 150;
const pageBytes = 4096;

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;

/**
 * Looks now and then at what a sandbox takes as a whole. Limits of the system count each process alone, and those of
 * processes do not hold for the root user.
 *
 * @returns ends the watching
 */
export function watch(one: Watched): () => void {
  watched.add(one);
  timer ??= setInterval(look, everyMs).unref();
  return () => {
    watched.delete(one);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
  readonly threads: number;
}

function look(): void {
  const children = new Map<number, Process[]>();
  for (const one of processes()) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  for (const one of watched) {
    const what = excess(one, children);
    if (what === undefined) continue;
    watched.delete(one);
    one.exceeded(what);
  }
}

function excess(one: Watched, children: ReadonlyMap<number, readonly Process[]>): string | undefined {
  const all: Process[] = [];
  const open = [one.pid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop())
    for (const child of children.get(pid) ?? []) {
      all.push(child);
      open.push(child.pid);
    }
  const threads = all.reduce((sum, child) => sum + child.threads, 0);
  if (threads > one.processes) return `more than ${one.processes} processes and threads`;
  const bytes = all.reduce((sum, child) => sum + child.bytes, 0);
  if (bytes > one.memory) return `more than ${Math.round(one.memory / 1024 / 1024)} MiB of memory`;
  return namesIn(one.folder).every((name) => one.expected.test(name)) ? undefined : "files in the kernel's own folder";
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it has just been removed
  }
}

function processes(): Process[] {
  return namesIn("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      // The name of the program, in parentheses, may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [
        {
          pid: Number(name),
          parent: Number(fields[1]),
          threads: Number(fields[17]),
          bytes: Number(fields[21]) * pageBytes,
        },
      ];
    } catch {
      return []; // it has just ended
    }
  });
}
