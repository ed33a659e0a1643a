import { readFile } from "node:fs/promises";
import { decodeTensors, encodeTensors, type StoredTensor, writeFileAtomic } from "../../../core";
import type { Prerequisite } from "../../../experiments";
import { InteractionGraph, LightGcn, Mf } from "../../../models";
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

/** A model that many of are kept. */
export type KeptModel = Mf | LightGcn;

/** Models of one kind and size, trained on the same rows, as a file of a run. */
export function modelsIn(models: readonly KeptModel[]): Files {
  const [first] = models;
  const parts = (name: "userEmbedding" | "itemEmbedding") => stacked(models.map((model) => model[name]));
  const size = { shape: [1], values: Float32Array.of(first.embeddingSize) };
  const tensors = new Map<string, StoredTensor>([
    ["userEmbedding", parts("userEmbedding")],
    ["itemEmbedding", parts("itemEmbedding")],
    ["embeddingSize", size],
  ]);
  for (const { name, shape, values } of first instanceof LightGcn ? first.tensors() : [])
    if (graphTensors.includes(name)) tensors.set(name, { shape, values });
  return { [modelsFile]: written(tensors, "models") };
}

/** Of a graph model: what all models of a file share. */
const graphTensors = ["edgeUser", "edgeItem", "layerCount"];

/** The models that a run left. */
export async function readModels(run: Prerequisite): Promise<KeptModel[]> {
  const tensors = await read(run, modelsFile);
  const [users, items] = ["userEmbedding", "itemEmbedding"].map((name) => unstacked(tensors.get(name)!));
  const size = Number(tensors.get("embeddingSize")!.values[0]);
  const [edgeUser, edgeItem, layerCount] = graphTensors.map((name) => tensors.get(name)?.values as Int32Array);
  if (edgeUser === undefined) return users.map((user, k) => new Mf(user, items[k], size));
  const graph = new InteractionGraph(users[0].length / size, items[0].length / size, edgeUser, edgeItem);
  return users.map((user, k) => {
    const nodes = new Float32Array(user.length + items[k].length);
    nodes.set(user);
    nodes.set(items[k], user.length);
    return new LightGcn(nodes, graph, size, layerCount[0]);
  });
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
