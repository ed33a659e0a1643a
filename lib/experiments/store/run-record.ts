import { join } from "node:path";
import { CorruptFileError, type Provenance, sha256 } from "../../core";
import type { Facts } from "../../training";
import type { LogRecord } from "../config/parts";
import type { Run } from "../config/run-config";
import { readSealed, readText, sealed } from "./sealed";

/** How one metric's values on single rows differ from Retrain's: a paired permutation test. */
export interface SampleTest {
  readonly p: number;
  readonly meanDifference: number;
  readonly n: number;
}

/** What a run found. The same bytes for the same run, on wasm on any machine: nothing in it depends on the clock. */
export interface RunResult extends Run {
  readonly version: 1;
  /** By metric; `null` where undefined. Empty for preparations. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** By metric, for those that are means over rows. */
  readonly sampleTests: Readonly<Record<string, SampleTest>>;
  readonly facts: Facts;
  /** sha256 of the other files of the run that do not depend on the clock. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a run took, and what computed it. */
export interface RunTiming {
  /** Wall-clock seconds by stage: what the request cost. */
  readonly seconds: Readonly<Record<string, number>>;
  /** The same stages where shards are trained at once; left out where nothing could be. */
  readonly parallelSeconds?: Readonly<Record<string, number>>;
  /** The same of what was paid once for the trained model and serves every request; records of older code lack it. */
  readonly preparation?: Readonly<Record<string, number>>;
  /**
   * Wall-clock seconds of the whole run, with reading its data and judging it, without the runs it rests on; records of
   * older code lack it.
   */
  readonly wholeSeconds?: number;
  /** Seconds that processors worked in that time; other work on the machine does not lengthen them. As above. */
  readonly processorSeconds?: number;
  /** The code that computed it. */
  readonly codeVersion: string;
  readonly environment: Provenance;
}

/** A finished run. */
export interface RunRecord extends RunResult, RunTiming {
  /**
   * Of kept records: later code that was shown to give the same result. Default: none but the code that computed it.
   */
  readonly heldTo?: string;
  /** How its training went, epoch by epoch, or its unlearning; only with views that show such curves. */
  readonly log?: readonly LogRecord[];
}

/** What the store knows of a run. */
export type RunState =
  | {
      readonly kind: "done";
      readonly record: RunRecord;
      /** Why computing it again failed; its result is that of before. */
      readonly problem?: string;
    }
  | { readonly kind: "corrupt"; readonly problem: string }
  /** Something is there that cannot be read or is of a later version: no damage, so that nothing takes its place. */
  | { readonly kind: "unreadable"; readonly problem: string }
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "missing" };

/** What `timing.json` says beside the timing. Files of older code have none of it. */
interface TimingSeal {
  readonly version?: 1;
  /** The run's id. */
  readonly run?: string;
  /** sha256 of `log.jsonl`. */
  readonly log?: string;
}

/** `timing.json`, sealed together with the log that it belongs to. */
export function sealedTiming(run: string, timing: RunTiming, log: string): string {
  const seal: TimingSeal = { version: 1, run, log: sha256(log) };
  return sealed({ ...timing, ...seal });
}

/** What a folder holds of a run, verified. */
export async function readRunFolder(folder: string, id: string): Promise<RunState> {
  try {
    const result = (await readSealed(join(folder, "result.json"), "result.json", [1])) as RunResult | null;
    if (result === null) return await readFailure(folder);
    const timing = await readTiming(folder, id);
    if (result.id === id) return { kind: "done", record: { ...result, ...timing } };
    return { kind: "corrupt", problem: `result.json is that of run ${result.id}` };
  } catch (error) {
    const kind = error instanceof CorruptFileError ? "corrupt" : "unreadable";
    return { kind, problem: (error as Error).message };
  }
}

/** The timing, and through it the log, verified. @throws CorruptFileError when one is damaged or another run's */
async function readTiming(folder: string, id: string): Promise<RunTiming> {
  const found = await readSealed(join(folder, "timing.json"), "timing.json", [undefined, 1]);
  if (found === null) throw new CorruptFileError("timing.json is missing");
  const { version, run, log, ...timing } = found as RunTiming & TimingSeal;
  if (version === undefined) return timing;
  if (run !== id) throw new CorruptFileError(`timing.json is that of run ${run}`);
  const text = await readText(join(folder, "log.jsonl"));
  if (text === null) throw new CorruptFileError("log.jsonl is missing");
  if (sha256(text) !== log) throw new CorruptFileError("the checksum of log.jsonl does not fit its content");
  return timing;
}

async function readFailure(folder: string): Promise<RunState> {
  const text = await readText(join(folder, "failure.json"));
  if (text === null) return { kind: "missing" };
  try {
    return { kind: "failed", problem: (JSON.parse(text) as { problem: string }).problem };
  } catch {
    return { kind: "missing" }; // a note that is damaged says nothing; the run is computed
  }
}
