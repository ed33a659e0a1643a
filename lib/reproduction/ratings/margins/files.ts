import { readFile } from "node:fs/promises";
import { decodeTensors, encodeTensors, type StoredTensor, writeFileAtomic } from "../../../core";
import type { Prerequisite } from "../../../experiments";
import { Mf } from "../../../models";
import { kinds, type MarginsByKind } from "./looked-at";

type Files = Record<string, (path: string) => Promise<void>>;

const [modelsFile, marginsFile] = ["models.safetensors", "margins.safetensors"];

function written(tensors: ReadonlyMap<string, StoredTensor>, kind: string) {
  return (path: string) => writeFileAtomic(path, encodeTensors({ tensors: new Map(tensors), metadata: { kind } }));
}

async function read(run: Prerequisite, name: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const path = await run.file(name);
  return decodeTensors(await readFile(path), path).tensors;
}

/** Lists of the same length in one tensor. */
function stacked(lists: readonly Float32Array[]): StoredTensor {
  const width = lists[0].length;
  const values = new Float32Array(lists.length * width);
  lists.forEach((list, k) => values.set(list, k * width));
  return { shape: [lists.length, width], values };
}

function unstacked({ shape: [count, width], values }: StoredTensor): Float32Array[] {
  return Array.from({ length: count }, (_, k) => (values as Float32Array).slice(k * width, (k + 1) * width));
}

/** Models of one size, as a file of a run. */
export function modelsIn(models: readonly Mf[]): Files {
  const parts = (name: "userEmbedding" | "itemEmbedding") => stacked(models.map((model) => model[name]));
  const size = { shape: [1], values: Float32Array.of(models[0].embeddingSize) };
  const tensors = new Map([
    ["userEmbedding", parts("userEmbedding")],
    ["itemEmbedding", parts("itemEmbedding")],
    ["embeddingSize", size],
  ]);
  return { [modelsFile]: written(tensors, "models") };
}

/** The models that a run left. */
export async function readModels(run: Prerequisite): Promise<Mf[]> {
  const tensors = await read(run, modelsFile);
  const [users, items] = ["userEmbedding", "itemEmbedding"].map((name) => unstacked(tensors.get(name)!));
  const size = Number(tensors.get("embeddingSize")!.values[0]);
  return users.map((user, k) => new Mf(user, items[k], size));
}

/** Margins, as a file of a run. */
export function marginsIn(margins: MarginsByKind): Files {
  return { [marginsFile]: written(new Map(kinds.map((kind) => [kind, stacked(margins[kind])])), "margins") };
}

/** The margins that a run left. */
export async function readMargins(run: Prerequisite): Promise<MarginsByKind> {
  const tensors = await read(run, marginsFile);
  const of = (kind: (typeof kinds)[number]) => unstacked(tensors.get(kind)!);
  return { forgotten: of("forgotten"), retained: of("retained"), test: of("test") };
}
