// MovieLens-1M, the last item of each user left out, as the repository of gSASRec stores it (Petrov and Macdonald,
// RecSys 2023; Apache 2.0). What a user rated last but one is in no part but the test histories and, of 512 users, the
// validation targets.
import { readFile } from "node:fs/promises";
import { IdMap, type PrefixSamples, type Sessions } from "../../lib/data";
import type { Published } from "./published-files";

const folder = "datasets/ml1m";

/** The split: what is trained on, validated and tested by. */
export const split: Published = {
  repository: "asash/gSASRec-pytorch",
  commit: "7e350285fb4721377c96e20ace7c74bf19bea57b",
  files: {
    [`${folder}/train/input.txt`]: "06957b3d3cc937ac05e5f5ade2d2d5c1042efdd2b6779b768140e74d4f6b20e3",
    [`${folder}/val/input.txt`]: "e4503bcef51a7689c48d491bd0dc090f053b8103b2c2bf6eed3bc31699fa09ca",
    [`${folder}/val/output.txt`]: "bb290f4a647533bef0f74cfaa6e74260d6e461da4fda072b9aaa6231c86240df",
    [`${folder}/test/input.txt`]: "c2aa5664407b04fb85d811e71696a9374da5e1db4e9fabfc19ca105a3fb51a5f",
    [`${folder}/test/output.txt`]: "6c9b242c789691b9680374d87a0fee61d6b473b99bed8439e4262a307c98d4ba",
  },
};

export const itemCount = 3416;

/** One session per user to train on, and histories with the item that is left out. */
export interface LeaveOneOut {
  readonly train: Sessions;
  readonly valid: PrefixSamples;
  readonly test: PrefixSamples;
}

/** @param longest how many of its last events a session keeps */
export async function readSplit(files: ReadonlyMap<string, string>, longest: number): Promise<LeaveOneOut> {
  const read = (name: string) => linesOf(files.get(`${folder}/${name}.txt`)!);
  const samples = async (part: string) => samplesOf(await read(`${part}/input`), (await read(`${part}/output`)).flat());
  const train = sessionsOf((await read("train/input")).map((items) => items.slice(-longest)));
  return { train, valid: await samples("val"), test: await samples("test") };
}

/** Items from 0; in the files they are numbered from 1. */
async function linesOf(path: string): Promise<number[][]> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) =>
    line
      .trim()
      .split(" ")
      .map((id) => Number(id) - 1),
  );
}

function sessionsOf(sequences: readonly (readonly number[])[]): Sessions {
  const { item, end } = columnOf(sequences);
  const items = new IdMap("item");
  for (let id = 1; id <= itemCount; id++) items.intern(String(id));
  return {
    offsets: Int32Array.from([0, ...end]),
    item,
    row: Int32Array.from(item.keys()),
    user: Int32Array.from(sequences.keys()),
    itemCount,
    items,
  };
}

function samplesOf(histories: readonly (readonly number[])[], targets: readonly number[]): PrefixSamples {
  const { item, end } = columnOf(histories);
  return { item, start: Int32Array.from([0, ...end.slice(0, -1)]), end, target: Int32Array.from(targets) };
}

function columnOf(sequences: readonly (readonly number[])[]): { readonly item: Int32Array; readonly end: Int32Array } {
  let length = 0;
  const end = Int32Array.from(sequences, (sequence) => (length += sequence.length));
  return { item: Int32Array.from(sequences.flat()), end };
}
