import { readFile } from "node:fs/promises";
import type { ItemVectors, PreparedSessionShards } from "../../../baselines";
import { decodeTensors, encodeTensors, writeFileAtomic } from "../../../core";
import type { Sessions } from "../../../data";
import { type SessionEnsemble } from "../../../models";
import { PreparedOrigin } from "../../../training";
import type { Prerequisite } from "../../../experiments";
import type { SessionsModel } from "../types";

const shardsFile = "shards.safetensors";

/** What a preparation leaves beside its model (the ensemble): the shard of each session. */
export function shardFiles({ shardOf }: PreparedSessionShards): Record<string, (path: string) => Promise<void>> {
  const tensors = new Map([["shardOf", { shape: [shardOf.length], values: shardOf }]]);
  return { [shardsFile]: (path) => writeFileAtomic(path, encodeTensors({ tensors, metadata: { kind: "shards" } })) };
}

/** The state that a preparation left. @param vectors, train as the preparation had them */
export async function readShards(
  run: Prerequisite<SessionsModel>,
  vectors: ItemVectors | null,
  train: Sessions,
): Promise<PreparedSessionShards> {
  const path = await run.file(shardsFile);
  const { tensors } = decodeTensors(await readFile(path), path);
  const none = new Int32Array(0);
  const model = (await run.model()) as SessionEnsemble;
  return {
    model,
    memberShards: [...model.members.keys()], // nothing has been forgotten yet
    shardOf: tensors.get("shardOf")?.values as Int32Array,
    removed: { shards: none, aggregation: none },
    vectors,
    origin: new PreparedOrigin(train),
    ...{ seconds: run.seconds, parallelSeconds: run.seconds },
  };
}
