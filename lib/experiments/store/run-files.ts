import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeTensors, encodeTensors, sha256OfFile, writeFileAtomic } from "../../core";
import type { ModelOutputs, Prerequisite, Task } from "../config/parts";
import type { RunRecord } from "./run-record";
import type { RunStore } from "./run-store";

const modelFile = "model.safetensors";
const scoresFile = "scores.safetensors";

/** What a run leaves for others, by file name: how to write each. */
type FileWriters = Readonly<Record<string, (path: string) => Promise<void>>>;

/** The files of a run's model and scores. */
export function filesOf(model: unknown, scores: ModelOutputs | null, task: Task): FileWriters {
  return {
    ...(model === null ? {} : { [modelFile]: (path: string) => task.save(model, path) }),
    ...(scores === null ? {} : { [scoresFile]: (path: string) => writeScores(scores, path) }),
  };
}

/** Writes files into a folder. @returns their hashes */
export async function writeFiles(folder: string, writers: FileWriters): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, write] of Object.entries(writers)) {
    await write(join(folder, name));
    hashes[name] = await sha256OfFile(join(folder, name));
  }
  return hashes;
}

/** A finished run, for those that rest on it; its files are verified when they are read. */
export function prerequisiteFrom(record: RunRecord, store: RunStore, task: Task): Prerequisite {
  const file = (name: string) => store.verifiedFile(record, name);
  return {
    config: record.config,
    facts: record.facts,
    seconds: record.seconds,
    file,
    model: async () => task.load(await file(modelFile)),
    scores: async () => readScores(await file(scoresFile)),
  };
}

async function writeScores(scores: ModelOutputs, path: string): Promise<void> {
  const tensors = new Map(
    Object.entries(scores).map(([name, values]) => [name, { shape: [values.length], values }] as const),
  );
  await writeFileAtomic(path, encodeTensors({ tensors, metadata: { kind: "scores" } }));
}

async function readScores(path: string): Promise<ModelOutputs> {
  const { tensors } = decodeTensors(await readFile(path), path);
  return Object.fromEntries(Array.from(tensors, ([name, { values }]) => [name, values as Float32Array]));
}
