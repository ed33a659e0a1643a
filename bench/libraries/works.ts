import { availableParallelism } from "node:os";
import type { Benchmark, Measurement } from "../benchmark";
import { watchMemory } from "../memory";
import { runPeer, withThreads } from "../peers";
import { lastLine } from "./venvs";

/** What a piece of work took. */
export interface Work {
  readonly seconds: number;
  /** Of all threads together; less than the seconds where other work took the machine. */
  readonly processorSeconds: number;
  /** The most that the process held; `null` where it is not known. */
  readonly megabytes: number | null;
  /** What shows that the work was done, such as `{ "recall@20": 0.03 }`. */
  readonly measures?: Readonly<Record<string, number>>;
}

/** The work of an epoch and of an evaluation. A model of which only one is measured lacks the other. */
export type Works = Readonly<Partial<Record<"epoch" | "evaluation", Work>>>;

/** Ours beside its peers by name; `null` for a peer that is not installed or failed. */
export interface Measured {
  readonly ours: Works;
  readonly peers: ReadonlyMap<string, Works | null>;
}

/** What a script of `bench/libraries` prints. */
interface Report {
  readonly name: string;
  readonly works: Works;
}

/** A library to be asked for its works. */
export interface LibraryPeer {
  readonly label: string;
  /** `null` where it is not installed. */
  readonly python: string | null;
  /** Below `bench/libraries`; its first argument is the number of threads. */
  readonly script: string;
  readonly args: readonly string[];
  /** Of the environment, for so many threads. */
  readonly variables: (threads: number) => Readonly<Record<string, string>>;
}

/**
 * The works of a library with one thread and with all of the machine's, each in a process of its own. What is not
 * installed or fails is said, and has no works.
 */
export async function worksOf(peer: LibraryPeer): Promise<Map<string, Works | null>> {
  const { label, python, script, args, variables } = peer;
  const found = new Map<string, Works | null>();
  if (python === null) {
    console.error(`${label} is left out: it is not installed (npm run peers -- --libraries)`);
    return found.set(label, null);
  }
  for (const threads of new Set([1, availableParallelism()]))
    try {
      const all = [String(threads), ...args];
      const reports = await runPeer<Report[]>(python, `libraries/${script}`, all, variables(threads));
      for (const { name, works } of reports) found.set(withThreads(name, threads), works);
    } catch (error) {
      console.error(`${withThreads(label, threads)}, is left out: ${lastLine(error)}`);
      found.set(withThreads(label, threads), null);
    }
  return found;
}

/** Our own work, in this process. @param parts of it, such as epochs; the times are of one */
export async function timed<T>(work: () => Promise<T>, parts = 1): Promise<{ value: T; work: Work }> {
  const [before, used] = [performance.now(), process.cpuUsage()];
  const { value, megabytes } = await watchMemory(work);
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - before) / 1000;
  return { value, work: { seconds: seconds / parts, processorSeconds: (user + system) / 1e6 / parts, megabytes } };
}

/** Two rows of one measurement, which is made once a process: what an epoch and what an evaluation takes. */
export function epochAndEvaluation(
  name: string,
  what: { readonly epoch: string; readonly evaluation: string },
  measure: () => Promise<Measured | null>,
): { readonly epoch: Benchmark; readonly evaluation: Benchmark } {
  let measured: Promise<Measured | null> | undefined;
  const row = (kind: keyof Works): Benchmark => ({
    name: `${name}-${kind}`,
    what: what[kind],
    unit: "s",
    shares: name,
    async run() {
      const found = await (measured ??= measure());
      return found === null ? null : measurementOf(kind, found);
    },
  });
  return { epoch: row("epoch"), evaluation: row("evaluation") };
}

/** One kind of work of all. A peer that has only the other kind is no peer of this. */
export function measurementOf(kind: keyof Works, { ours, peers }: Measured): Measurement {
  const own = ours[kind]!;
  const theirs = Array.from(peers, ([name, works]) => ({ name, work: works === null ? null : works[kind] })).filter(
    (peer): peer is { name: string; work: Work | null } => peer.work !== undefined,
  );
  return {
    ours: own.seconds,
    megabytes: own.megabytes,
    peers: Object.fromEntries(theirs.map(({ name, work }) => [name, work?.seconds ?? null])),
    peerMegabytes: Object.fromEntries(theirs.map(({ name, work }) => [name, work?.megabytes ?? null])),
    counts: countsOf(own),
    peerCounts: Object.fromEntries(theirs.flatMap(({ name, work }) => (work === null ? [] : [[name, countsOf(work)]]))),
  };
}

function countsOf({ processorSeconds, measures }: Work): Record<string, number> {
  return { "processor seconds": processorSeconds, ...measures };
}
