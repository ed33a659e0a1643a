import { readFile } from "node:fs/promises";
import type { Shard, ShardedPrepared } from "../../../baselines";
import { decodeTensors, encodeTensors, writeFileAtomic } from "../../../core";
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

/** The state that a run left. */
export async function readShards<M extends Member<M>>(run: Prerequisite): Promise<ShardedPrepared<M>> {
  const model = (await run.model()) as Ensemble<M>;
  const path = await run.file(rowsFile);
  const { tensors } = decodeTensors(await readFile(path), path);
  const sliceCount = tensors.size / model.members.length;
  const shards = await Promise.all(
    model.members.map(async (last, shard): Promise<Shard<M>> => {
      const slices = Array.from(
        { length: sliceCount },
        (_, slice) => tensors.get(`${shard}.${slice}`)?.values as Int32Array,
      );
      const earlier = slices.slice(0, -1).map(async (_, slice) => {
        return (await loadRatingsModel(await run.file(sliceFile(shard, slice)))) as unknown as M;
      });
      return { slices, models: [...(await Promise.all(earlier)), last] };
    }),
  );
  return { model, shards, seconds: run.seconds };
}
