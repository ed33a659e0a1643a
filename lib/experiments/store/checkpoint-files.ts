import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  announce,
  canonicalJson,
  CorruptFileError,
  decodeTensors,
  encodeTensors,
  readRegularFile,
  sha256,
  writeFileAtomic,
} from "../../core";
import type { Checkpoint, Checkpoints } from "../../training";
import type { RunConfig } from "../config/run-config";

/** How many checkpoints are kept: the newest, and one to fall back on. */
const kept = 2;
const version = "1";

/** What a training must have in common with a checkpoint to go on from it. */
export interface CheckpointBinding {
  /** The run's id. */
  readonly run: string;
  /** The version of the code that computes it. */
  readonly code: string;
  /** sha256 of its whole config, defaults included. */
  readonly config: string;
}

/** What a run's checkpoints are bound to. */
export function bindingOf(run: string, code: string, config: RunConfig): CheckpointBinding {
  return { run, code, config: sha256(canonicalJson(config)) };
}

/** What differs, as a person is told. */
const otherwise: Readonly<Record<keyof CheckpointBinding, string>> = {
  run: "it is of another run",
  code: "other code made it",
  config: "it was made with other options",
};

/** A run's checkpoints as files `checkpoint-<epoch>.safetensors` in its folder. */
export class CheckpointFiles implements Checkpoints {
  /** Those that may be continued, oldest first. */
  private own: string[] = [];

  /** @param everyMs least time between two saves. Default: 5 s */
  constructor(
    private readonly folder: string,
    private readonly binding: CheckpointBinding,
    readonly everyMs = 5000,
  ) {}

  /** The newest that is whole and this run's. Others are said, and the damaged and foreign ones removed. */
  async load(): Promise<Checkpoint | null> {
    const files = await filesIn(this.folder);
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      const path = join(this.folder, file);
      try {
        const checkpoint = await readCheckpoint(path, this.binding);
        this.own = [...files, file];
        return checkpoint;
      } catch (error) {
        const more = files.length === 0 ? "; the training starts anew" : "";
        announce(`${file} of run ${this.binding.run} is not used: ${(error as Error).message}${more}`);
        if (error instanceof CorruptFileError) await rm(path, { force: true });
      }
    }
    return null;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    const epoch = String(checkpoint.history.length).padStart(6, "0");
    const name = `checkpoint-${epoch}.safetensors`;
    await writeFileAtomic(join(this.folder, name), encodeCheckpoint(checkpoint, this.binding));
    this.own = [...this.own.filter((file) => file !== name), name];
    for (const file of this.own.splice(0, this.own.length - kept)) await rm(join(this.folder, file), { force: true });
  }

  /** Removes all checkpoints of a folder, when its run is finished. */
  static async clear(folder: string): Promise<void> {
    for (const file of await filesIn(folder)) await rm(join(folder, file), { recursive: true, force: true });
  }
}

/** Oldest first. */
async function filesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => [] as string[]);
  return files.filter((file) => /^checkpoint-\d+\.safetensors$/.test(file)).sort();
}

function encodeCheckpoint({ tensors, ...state }: Checkpoint, binding: CheckpointBinding): Uint8Array {
  const stored = new Map(Array.from(tensors, ([name, values]) => [name, { shape: [values.length], values }]));
  const text = canonicalJson({ ...binding, state });
  const seal = checksum(text, tensors);
  return encodeTensors({ tensors: stored, metadata: { kind: "checkpoint", version, content: text, sha256: seal } });
}

/** @throws CorruptFileError for one that is damaged, empty, of another version, or bound to something else */
async function readCheckpoint(path: string, binding: CheckpointBinding): Promise<Checkpoint> {
  const refuse = (why: string): never => {
    throw new CorruptFileError(why);
  };
  const bytes = await readRegularFile(path);
  if (bytes.length === 0) return refuse("it is empty");
  const { tensors, metadata } = decodeTensors(bytes, path);
  if (metadata["kind"] !== "checkpoint") return refuse("it is no checkpoint");
  if (metadata["version"] !== version)
    return refuse(`its version is ${metadata["version"] ?? "older"}, not ${version}`);
  const values = new Map(Array.from(tensors, ([name, tensor]) => [name, tensor.values as Float32Array]));
  const text = metadata["content"] ?? "";
  if (metadata["sha256"] !== checksum(text, values)) return refuse("its checksum does not fit its content");
  const { state, ...bound } = JSON.parse(text) as CheckpointBinding & { state: Omit<Checkpoint, "tensors"> };
  for (const key of ["run", "code", "config"] as const) if (bound[key] !== binding[key]) return refuse(otherwise[key]);
  if (values.size === 0 || state.history.length === 0) return refuse("it holds no training");
  return { ...state, tensors: values };
}

function checksum(state: string, tensors: ReadonlyMap<string, Float32Array>): string {
  const parts = Array.from(tensors, ([name, { buffer, byteOffset, byteLength }]) => [
    name,
    sha256(new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
  return sha256(canonicalJson([state, ...parts]));
}
