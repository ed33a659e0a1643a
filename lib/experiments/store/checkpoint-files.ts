import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  announce,
  canonicalJson,
  CorruptFileError,
  decodeTensors,
  encodeTensors,
  RecsysError,
  sha256,
  writeFileAtomic,
} from "../../core";
import type { Checkpoint, Checkpoints } from "../../training";

/** How many checkpoints are kept: the newest, and one to fall back on. */
const kept = 2;

/** A run's checkpoints as files `checkpoint-<epoch>.safetensors` in its folder. */
export class CheckpointFiles implements Checkpoints {
  /** @param everyMs least time between two saves. Default: 5 s */
  constructor(
    private readonly folder: string,
    readonly everyMs = 5000,
  ) {}

  async load(): Promise<Checkpoint | null> {
    for (const file of (await this.files()).reverse()) {
      try {
        return await readCheckpoint(join(this.folder, file));
      } catch (error) {
        if (!(error instanceof RecsysError)) throw error;
        announce(`${file} is damaged and left out: ${error.message}`);
      }
    }
    return null;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    const epoch = String(checkpoint.history.length).padStart(6, "0");
    await writeFileAtomic(join(this.folder, `checkpoint-${epoch}.safetensors`), encodeCheckpoint(checkpoint));
    for (const file of (await this.files()).slice(0, -kept)) await rm(join(this.folder, file), { force: true });
  }

  /** Removes them, when the run they belong to is finished. */
  async clear(): Promise<void> {
    for (const file of await this.files()) await rm(join(this.folder, file), { force: true });
  }

  /** Oldest first. */
  private async files(): Promise<string[]> {
    const files = await readdir(this.folder).catch(() => [] as string[]);
    return files.filter((file) => /^checkpoint-\d+\.safetensors$/.test(file)).sort();
  }
}

function encodeCheckpoint({ tensors, ...state }: Checkpoint): Uint8Array {
  const stored = new Map(Array.from(tensors, ([name, values]) => [name, { shape: [values.length], values }]));
  const text = canonicalJson(state);
  return encodeTensors({
    tensors: stored,
    metadata: { kind: "checkpoint", state: text, sha256: checksum(text, tensors) },
  });
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = decodeTensors(await readFile(path), path);
  const values = new Map(Array.from(tensors, ([name, tensor]) => [name, tensor.values as Float32Array]));
  const text = metadata["state"] ?? "";
  if (metadata["sha256"] !== checksum(text, values))
    throw new CorruptFileError("the checksum does not fit the content", { where: path });
  return { ...(JSON.parse(text) as Omit<Checkpoint, "tensors">), tensors: values };
}

function checksum(state: string, tensors: ReadonlyMap<string, Float32Array>): string {
  const parts = Array.from(tensors, ([name, { buffer, byteOffset, byteLength }]) => [
    name,
    sha256(new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
  return sha256(canonicalJson([state, ...parts]));
}
