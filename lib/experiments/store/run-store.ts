import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  Claim,
  CorruptFileError,
  createFileAtomic,
  NotFoundError,
  sha256OfFile,
  temporarySuffix,
  writeFileAtomic,
} from "../../core";
import { type CheckpointBinding, CheckpointFiles } from "./checkpoint-files";
import { type RunCode, versionOf } from "./code-version";
import type { LogRecord } from "../config/parts";
import type { Run } from "../config/run-config";
import { readRunFolder, type RunResult, type RunState, type RunTiming, sealedTiming } from "./run-record";
import { readText, sealed } from "./sealed";

/** A run's folder, and what is in it. */
interface FoundRun {
  readonly folder: string;
  readonly state: RunState;
}

/**
 * Runs in a folder, each in one of its own (`runs/<id>`): `config.json`, `log.jsonl` (one line an epoch),
 * `timing.json`, models and scores in safetensors layout, checkpoints while it runs, and `result.json`, whose
 * appearance finishes the run. It survives being killed at any moment: every file appears whole or not at all, and what
 * is not finished is computed again.
 *
 * A finished run that is computed again stays where it is. The new one is made in `again/<id>` and takes its place when
 * it is finished; the old one is in `aside/<id>` for that moment. Readers look in all three.
 */
export class RunStore {
  /** @param folder made when something is written */
  constructor(readonly folder: string) {}

  /** Where a finished run is, and one that is computed for the first time. */
  folderOf(id: string): string {
    return this.place("runs", id);
  }

  /** What is known of a run; nothing is changed. */
  async read(id: string): Promise<RunState> {
    return (await this.find(id)).state;
  }

  /** How the training or the unlearning of a finished run went; empty where there was none to tell of. */
  async readLog(id: string): Promise<readonly LogRecord[]> {
    const { folder } = await this.find(id);
    const lines = ((await readText(join(folder, "log.jsonl"))) ?? "").split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as LogRecord);
  }

  /** The path of a file of a finished run, its content verified. @throws NotFoundError when it is gone or damaged */
  async verifiedFile(record: RunResult, name: string): Promise<string> {
    const { folder } = await this.find(record.id);
    const path = join(folder, name);
    let found: string;
    try {
      found = await sha256OfFile(path);
    } catch (cause) {
      const gone = (cause as NodeJS.ErrnoException).code === "ENOENT";
      throw new NotFoundError(`${name} of run ${record.id} ${gone ? "is gone" : "cannot be read"}`, {
        where: path,
        remedy: gone ? "run it again with --force" : (cause as Error).message,
        cause,
      });
    }
    if (found === record.files[name]) return path;
    throw new NotFoundError(`${name} of run ${record.id} is damaged`, {
      where: path,
      remedy: "run it again with --force",
    });
  }

  /** Ids of all runs there are folders of. */
  async ids(): Promise<string[]> {
    const found = await Promise.all(["runs", "again", "aside"].map((part) => namesIn(join(this.folder, part))));
    return [...new Set(found.flat())].filter((name) => /^[0-9a-f]{20}$/.test(name)).sort();
  }

  /** The right to compute a run, or `null` when another process has it. */
  claim(id: string): Promise<Claim | null> {
    return Claim.take(this.claims, id);
  }

  /** Whether some process computes a run now. */
  isRunning(id: string): Promise<boolean> {
    return Claim.isHeld(this.claims, id);
  }

  /**
   * Why a run that some process has may stay with it for ever, and what to do; `null` where nothing is known to be
   * wrong.
   */
  obstacle(id: string): Promise<string | null> {
    return Claim.obstacle(this.claims, id);
  }

  /**
   * Begins a run: a folder with its config, free of what a killed process left half-written. A finished run stays where
   * it is. Only for the claim's holder.
   *
   * @returns the folder that its files are to be written to
   */
  async begin(run: Run): Promise<string> {
    const folder = await this.workFolder(run.id);
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(folder))
      if (file.endsWith(temporarySuffix) || file === "failure.json") await rm(join(folder, file), { force: true });
    await writeFileAtomic(join(folder, "config.json"), JSON.stringify(run, null, 2) + "\n");
    return folder;
  }

  /** The checkpoints of a run that was begun. @param binding without which none is continued */
  async checkpointsOf(id: string, binding: CheckpointBinding): Promise<CheckpointFiles> {
    return new CheckpointFiles(await this.workFolder(id), binding);
  }

  /**
   * Finishes a run that was begun.
   *
   * @param lines of the log
   * @returns whether it was this call that finished it; a run is never published twice
   */
  async publish(result: RunResult, timing: RunTiming, lines: readonly unknown[]): Promise<boolean> {
    const folder = await this.workFolder(result.id);
    const log = lines.map((line) => JSON.stringify(line) + "\n").join("");
    await writeFileAtomic(join(folder, "log.jsonl"), log);
    await writeFileAtomic(join(folder, "timing.json"), sealedTiming(result.id, timing, log));
    const published = await createFileAtomic(join(folder, "result.json"), sealed(result));
    await CheckpointFiles.clear(folder);
    await this.settle(result.id);
    return published;
  }

  /** Keeps which modules a code version is made of, so that what changed since can be told. */
  async keepCode({ version, modules }: RunCode): Promise<void> {
    await createFileAtomic(this.codeFile(version), JSON.stringify(modules, null, 1) + "\n");
  }

  /** The modules of a code version; `null` where they are not known. */
  async readCode(version: string): Promise<RunCode["modules"] | null> {
    const path = this.codeFile(version);
    const text = await readText(path);
    if (text === null) return null;
    const modules = parsedOrNull(text) as RunCode["modules"] | null;
    if (modules !== null && versionOf(modules) === version) return modules;
    throw new CorruptFileError(`the modules of code ${version} are damaged`, {
      where: path,
      remedy: "remove the file; what changed since that code is not known then",
    });
  }

  /** Notes why a run could not be computed. */
  async fail(id: string, problem: string): Promise<void> {
    const path = join(await this.workFolder(id), "failure.json");
    await writeFileAtomic(path, JSON.stringify({ problem }, null, 2) + "\n");
  }

  /**
   * Puts a run that was computed again, and finished, in the place of the one before: also where the process that
   * finished it was killed half-way. Only for the claim's holder.
   */
  async settle(id: string): Promise<void> {
    const [runs, again, aside] = ["runs", "again", "aside"].map((part) => this.place(part, id));
    if ((await readRunFolder(again, id)).kind === "done") {
      await rm(aside, { recursive: true, force: true }); // what is in `runs` or `again` is later
      await mkdir(join(this.folder, "aside"), { recursive: true });
      await rename(runs, aside).catch(ifThere);
      await mkdir(join(this.folder, "runs"), { recursive: true });
      await rename(again, runs);
    }
    const rest = await stat(aside).catch(ifThere);
    if (rest !== undefined && (await readRunFolder(runs, id)).kind === "done")
      await rm(aside, { recursive: true, force: true });
  }

  /** Where a run is computed: beside its result, if there is one. */
  private async workFolder(id: string): Promise<string> {
    const finished = await stat(join(this.folderOf(id), "result.json")).catch(ifThere);
    return finished === undefined ? this.folderOf(id) : this.place("again", id);
  }

  /** The newest finished form of a run, else what there is of it. */
  private async find(id: string): Promise<FoundRun> {
    const [runs, again, aside] = ["runs", "again", "aside"].map((part) => this.place(part, id));
    const next = { folder: again, state: await readRunFolder(again, id) };
    if (next.state.kind === "done") return next; // finished later than what is in `runs`
    const current = { folder: runs, state: await readRunFolder(runs, id) };
    if (current.state.kind === "done" && next.state.kind === "failed")
      return { folder: runs, state: { ...current.state, problem: next.state.problem } };
    if (isThere(current)) return current;
    for (const folder of [aside, runs]) {
      const found = { folder, state: await readRunFolder(folder, id) }; // `runs` once more: it may have been settled meanwhile
      if (isThere(found)) return found;
    }
    return isThere(next) ? next : current;
  }

  private place(part: string, id: string): string {
    return join(this.folder, part, id);
  }

  private get claims(): string {
    return join(this.folder, "claims");
  }

  private codeFile(version: string): string {
    return join(this.folder, "code", `${version}.json`);
  }
}

const isThere = ({ state }: FoundRun) => state.kind === "done" || state.kind === "unreadable";

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // damaged: said by the caller
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ifThere)) ?? [];
}

/** Passes over what is not there; anything else is an error. */
function ifThere(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
