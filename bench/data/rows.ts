import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { cacheFolder, inRepository, writeFileAtomic } from "recsys-unlearning/core";
import { type DatasetEntry, datasetEntry, datasetFiles, readInteractions } from "recsys-unlearning/data";
import { median } from "recsys-unlearning/metrics";
import type { Benchmark, Measurement } from "../benchmark";
import { peerPython } from "../peers";

/** Ours and the peer in turn, so that a busy machine meets both alike. */
const rounds = 3;
const repetitions = 3;

/** The dataset's CSV file if this machine has it, else a made-up one of as many rows, users and items. */
async function csvFile(name: string): Promise<string> {
  const found = (await datasetFiles(name)).find(({ variant }) => variant.file.endsWith(".csv.gz"));
  if (found !== undefined) return join(found.folder, found.variant.file);
  const path = join(cacheFolder(), "bench", `${name}-like.csv.gz`);
  console.error(`${name} is not on this machine: measured on a made-up file of its size`);
  if (!existsSync(path)) await writeFileAtomic(path, gzipSync(madeUp(datasetEntry(name).counts)));
  return path;
}

/** A file of a dataset's size; of MovieLens 1M's where that is not known. */
function madeUp(counts: DatasetEntry["counts"]): string {
  const [rows, users, items] = [counts.rows ?? 1_000_209, counts.users ?? 6040, counts.items ?? 3706];
  const lines = ["user,item,rating,timestamp"];
  for (let row = 0; row < rows; row++) {
    const user = Math.floor((row * users) / rows);
    const item = (row * 2_654_435_761) % items;
    lines.push(`${user},${String(item).padStart(10, "0")},${1 + (row % 5)},${978300000 + row}`);
  }
  return `${lines.join("\n")}\n`;
}

async function ours(path: string): Promise<number[]> {
  const times = [];
  for (let k = 0; k < repetitions; k++) {
    const start = performance.now();
    await readInteractions(path);
    times.push(performance.now() - start);
  }
  return times;
}

/** Milliseconds by reading, or `null` where there is no pandas. */
async function pandas(path: string): Promise<Record<string, number[]> | null> {
  const python = peerPython();
  if (python === null) return null;
  const script = inRepository("bench", "data", "pandas_peer.py");
  const { stdout } = await promisify(execFile)(python, [script, path, String(repetitions)]);
  const { version, ms } = JSON.parse(stdout) as { version: string; ms: { text: number[]; inferred: number[] } };
  return { [`pandas ${version}, ids as text`]: ms.text, [`pandas ${version}, ids guessed`]: ms.inferred };
}

async function inTurn(path: string): Promise<Measurement> {
  const own: number[] = [];
  const theirs = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    own.push(...(await ours(path)));
    for (const [name, times] of Object.entries((await pandas(path)) ?? {}))
      theirs.set(name, [...(theirs.get(name) ?? []), ...times]);
  }
  const peers = Object.fromEntries(Array.from(theirs, ([name, times]) => [name, median(times)]));
  return { ours: median(own), peers: theirs.size > 0 ? peers : { pandas: null } };
}

function parsing(name: string, dataset: string): Benchmark {
  return {
    name,
    what: `${dataset}.csv.gz into columns and id tables (pandas: read_csv and factorize); median of ${rounds * repetitions}`,
    unit: "ms",
    run: async () => inTurn(await csvFile(dataset)),
  };
}

export const parseBookcrossing = parsing("parse-bookcrossing", "bookcrossing");
export const parseMl1m = parsing("parse-ml-1m", "ml-1m");
