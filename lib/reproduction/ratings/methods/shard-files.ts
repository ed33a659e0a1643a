import { readFile } from "node:fs/promises";
import type { Shard, ShardedPrepared } from "../../../baselines";
import { decodeTensors, encodeTensors, writeFileAtomic } from "../../../core";
import type { Interactions } from "../../../data";
import { PreparedOrigin } from "../../../training";
import { type EmbeddingModel, type Ensemble } from "../../../models";
import type { Prerequisite } from "../../../experiments";
import { loadRatingsModel } from "../models";

const rowsFile = "shards.safetensors";
const sliceFile = (shard: number, slice: number) => `shard${shard}-slice${slice}.safetensors`;

/** A model that shards are trained on. */
type Member<M> = EmbeddingModel<M> & { save(path: string): Promise<void> };

/**
 * The state a sharded method starts from, as files beside the run's model (the ensemble): the rows of every slice, and
 * the models after all slices but each shard's last, which the ensemble has.
 */
export function shardFiles<M extends Member<M>>({
  shards,
}: ShardedPrepared<M>): Record<string, (path: string) => Promise<void>> {
  const files: Record<string, (path: string) => Promise<void>> = { [rowsFile]: (path) => writeRows(shards, path) };
  shards.forEach(({ models }, shard) =>
    models.slice(0, -1).forEach((model, slice) => (files[sliceFile(shard, slice)] = (path) => model.save(path))),
  );
  return files;
}

async function writeRows<M>(shards: readonly Shard<M>[], path: string): Promise<void> {
  const tensors = shards.flatMap(({ slices }, shard) =>
    slices.map((values, slice) => [`${shard}.${slice}`, { shape: [values.length], values }] as const),
  );
  await writeFileAtomic(path, encodeTensors({ tensors: new Map(tensors), metadata: { kind: "shards" } }));
}

/** The state that a run left. @param train what its shards are made of */
export async function readShards<M extends Member<M>>(
  run: Prerequisite,
  train: Interactions,
): Promise<ShardedPrepared<M>> {
  const model = (await run.model()) as Ensemble<M>;
  const path = await run.file(rowsFile);
  const { tensors } = decodeTensors(await readFile(path), path);
  const slicesOf = Array.from(tensors).reduce<Int32Array[][]>((all, [name, { values }]) => {
    const [shard, slice] = name.split(".").map(Number);
    (all[shard] ??= [])[slice] = values as Int32Array;
    return all;
  }, []);
  const members = model.members.values(); // none of a shard that has dropped out, which has no slices either
  const shards = await Promise.all(
    Array.from(slicesOf, async (slices: Int32Array[] | undefined, shard): Promise<Shard<M>> => {
      if (slices === undefined) return { slices: [], models: [] };
      const last = members.next().value as M;
      const earlier = slices.slice(0, -1).map(async (_, slice) => {
        return (await loadRatingsModel(await run.file(sliceFile(shard, slice)))) as unknown as M;
      });
      return { slices, models: [...(await Promise.all(earlier)), last] };
    }),
  );
  return { model, shards, origin: new PreparedOrigin(train), seconds: run.seconds };
}
