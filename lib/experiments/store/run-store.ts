import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  Claim,
  createFileAtomic,
  NotFoundError,
  type Provenance,
  sha256,
  sha256OfFile,
  temporarySuffix,
  writeFileAtomic,
} from "../../core";
import { CheckpointFiles } from "./checkpoint-files";
import type { RunCode } from "./code-version";
import type { Facts, LogRecord } from "../config/parts";
import type { Run } from "../config/run-config";

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
  /** The code that computed it. */
  readonly codeVersion: string;
  readonly environment: Provenance;
}

/** A finished run. */
export interface RunRecord extends RunResult, RunTiming {
  /** How its training went, epoch by epoch, or its unlearning; only with views that show such curves. */
  readonly log?: readonly LogRecord[];
}

/** What the store knows of a run. */
export type RunState =
  | { readonly kind: "done"; readonly record: RunRecord }
  | { readonly kind: "corrupt"; readonly problem: string }
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "missing" };

/**
 * Runs in a folder, each in one of its own (`runs/<id>`): `config.json`, `log.jsonl` (one line an epoch), `timing.json`, models and
 * scores in safetensors layout, checkpoints while it runs, and `result.json`, whose appearance finishes the run. It survives being
 * killed at any moment: every file appears whole or not at all, and what is not finished is computed again.
 */
export class RunStore {
  /** @param folder made when something is written */
  constructor(readonly folder: string) {}

  folderOf(id: string): string {
    return join(this.folder, "runs", id);
  }

  checkpointsOf(id: string): CheckpointFiles {
    return new CheckpointFiles(this.folderOf(id));
  }

  /** What is known of a run; nothing is changed. */
  async read(id: string): Promise<RunState> {
    try {
      const [result, timing] = [await this.readSealed(id, "result.json"), await this.readSealed(id, "timing.json")];
      if (result === null) return await this.readFailure(id);
      if (timing === null) return { kind: "corrupt", problem: "timing.json is missing" };
      const record = { ...(result as RunResult), ...(timing as RunTiming) };
      if (record.id !== id) return { kind: "corrupt", problem: `result.json is that of run ${record.id}` };
      return { kind: "done", record };
    } catch (error) {
      return { kind: "corrupt", problem: (error as Error).message };
    }
  }

  /** How the training or the unlearning of a finished run went; empty where there was none to tell of. */
  async readLog(id: string): Promise<readonly LogRecord[]> {
    const text = await readFile(join(this.folderOf(id), "log.jsonl"), "utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as LogRecord);
  }

  /** The path of a file of a finished run, its content verified. @throws NotFoundError when it is gone or damaged */
  async verifiedFile(record: RunResult, name: string): Promise<string> {
    const path = join(this.folderOf(record.id), name);
    const found = await sha256OfFile(path).catch(() => "gone");
    if (found === record.files[name]) return path;
    throw new NotFoundError(`${name} of run ${record.id} is ${found === "gone" ? "gone" : "damaged"}`, {
      where: path,
      remedy: "run it again with --force",
    });
  }

  /** Ids of all runs there are folders of. */
  async ids(): Promise<string[]> {
    const found = await readdir(join(this.folder, "runs")).catch(() => [] as string[]);
    return found.filter((name) => /^[0-9a-f]{20}$/.test(name)).sort();
  }

  /** The right to compute a run, or `null` when another process has it. */
  claim(id: string): Promise<Claim | null> {
    return Claim.take(join(this.folder, "claims"), id);
  }

  /** Whether some process computes a run now. */
  isRunning(id: string): Promise<boolean> {
    return Claim.isHeld(join(this.folder, "claims"), id);
  }

  /** Begins a run: its folder with its config, free of what a killed process left half-written. Only for the claim's holder. */
  async begin(run: Run): Promise<void> {
    const folder = this.folderOf(run.id);
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(folder))
      if (file.endsWith(temporarySuffix) || file === "failure.json") await rm(join(folder, file), { force: true });
    await writeFileAtomic(join(folder, "config.json"), JSON.stringify(run, null, 2) + "\n");
  }

  /**
   * Finishes a run.
   *
   * @param lines of the log
   * @returns whether it was this call that finished it; a run is never published twice
   */
  async publish(result: RunResult, timing: RunTiming, lines: readonly unknown[]): Promise<boolean> {
    const folder = this.folderOf(result.id);
    await writeFileAtomic(join(folder, "log.jsonl"), lines.map((line) => JSON.stringify(line) + "\n").join(""));
    await writeFileAtomic(join(folder, "timing.json"), sealed(timing));
    const published = await createFileAtomic(join(folder, "result.json"), sealed(result));
    await this.checkpointsOf(result.id).clear();
    return published;
  }

  /** Keeps which modules a code version is made of, so that what changed since can be told. */
  async keepCode({ version, modules }: RunCode): Promise<void> {
    await createFileAtomic(this.codeFile(version), JSON.stringify(modules, null, 1) + "\n");
  }

  /** The modules of a code version; `null` where they are not known. */
  async readCode(version: string): Promise<RunCode["modules"] | null> {
    try {
      return JSON.parse(await readFile(this.codeFile(version), "utf8")) as RunCode["modules"];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  private codeFile(version: string): string {
    return join(this.folder, "code", `${version}.json`);
  }

  /** Notes why a run could not be computed. */
  async fail(id: string, problem: string): Promise<void> {
    await writeFileAtomic(join(this.folderOf(id), "failure.json"), JSON.stringify({ problem }, null, 2) + "\n");
  }

  /** Takes a finished or damaged run out of the way, so that it is computed again. Only for the claim's holder. */
  async discard(id: string): Promise<void> {
    await mkdir(join(this.folder, "discarded"), { recursive: true });
    const grave = join(this.folder, "discarded", `${id}.${process.pid}`);
    await rm(grave, { recursive: true, force: true });
    await rename(this.folderOf(id), grave);
    await rm(grave, { recursive: true, force: true });
  }

  private async readFailure(id: string): Promise<RunState> {
    try {
      const { problem } = JSON.parse(await readFile(join(this.folderOf(id), "failure.json"), "utf8")) as {
        problem: string;
      };
      return { kind: "failed", problem };
    } catch {
      return { kind: "missing" };
    }
  }

  /** A JSON file with a checksum over its content; `null` when it is not there. */
  private async readSealed(id: string, name: string): Promise<unknown> {
    let text: string;
    try {
      text = await readFile(join(this.folderOf(id), name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    return unsealed(text, name);
  }
}

/** JSON with a checksum over it: a changed byte is noticed. */
function sealed(value: object): string {
  return JSON.stringify({ ...value, sha256: sha256(canonicalJson(value)) }, null, 2) + "\n";
}

function unsealed(text: string, name: string): unknown {
  const { sha256: seal, ...value } = JSON.parse(text) as { sha256?: string };
  if (seal !== sha256(canonicalJson(value))) throw new Error(`the checksum of ${name} does not fit its content`);
  return value;
}
