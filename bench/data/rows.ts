import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cacheFolder, writeFileAtomic } from "recsys-unlearning/core";
import { type DatasetEntry, datasetEntry, datasetFiles, readInteractions } from "recsys-unlearning/data";
import { median } from "recsys-unlearning/metrics";
import type { Benchmark, Measurement } from "../benchmark";
import { watchMemory } from "../memory";
import { peerPython, runPeer } from "../peers";

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

interface PandasReport {
  readonly version: string;
  readonly ms: { readonly text: number[]; readonly inferred: number[] };
  /** Of the process that does both. */
  readonly megabytes: number | null;
}

/** Milliseconds by reading, or `null` where there is no pandas. */
async function pandas(path: string): Promise<{ ms: Record<string, number[]>; megabytes: number | null } | null> {
  const python = peerPython();
  if (python === null) return null;
  const args = [path, String(repetitions)];
  const { version, ms, megabytes } = await runPeer<PandasReport>(python, "data/pandas_peer.py", args);
  const named = { [`pandas ${version}, ids as text`]: ms.text, [`pandas ${version}, ids guessed`]: ms.inferred };
  return { ms: named, megabytes };
}

async function inTurn(path: string): Promise<Measurement> {
  const own: number[] = [];
  const theirs = new Map<string, number[]>();
  let peak: number | null = null;
  let pandasPeak: number | null = null;
  for (let round = 0; round < rounds; round++) {
    const { value, megabytes } = await watchMemory(() => ours(path));
    own.push(...value);
    if (round === 0) peak = megabytes; // from a fresh process, as pandas' is
    const found = await pandas(path);
    pandasPeak = found?.megabytes ?? null;
    for (const [name, times] of Object.entries(found?.ms ?? {}))
      theirs.set(name, [...(theirs.get(name) ?? []), ...times]);
  }
  if (theirs.size === 0) return { ours: median(own), peers: { pandas: null }, megabytes: peak };
  return {
    ours: median(own),
    peers: Object.fromEntries(Array.from(theirs, ([name, times]) => [name, median(times)])),
    megabytes: peak,
    peerMegabytes: Object.fromEntries(Array.from(theirs.keys(), (name) => [name, pandasPeak])),
  };
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
