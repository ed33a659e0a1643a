import { describe, expect, it } from "vitest";
import { fitShardAttention, sru, type SruOptions } from "recsys-unlearning/baselines";
import { CancelledError, Random, setCurrentSignal } from "recsys-unlearning/core";
import { prefixSamples, selectSessions } from "recsys-unlearning/data";
import { liveWorkspaces, tensorEngine } from "recsys-unlearning/engine";
import { mean, ndcgAt, targetRanks } from "recsys-unlearning/metrics";
import { SessionEnsemble } from "recsys-unlearning/models";
import { applyUpdate } from "recsys-unlearning/training";
import { bytes, original, request, rowsOf, split, training } from "./small";

const attention = { epochs: 3, batchSize: 64, learningRate: 0.01 };
const base = { training, attention, validation: split.valid, shards: 3 };

/** The sessions of each shard. */
const members = (shardOf: Int32Array, shards: number) =>
  Array.from({ length: shards }, (_, shard) => [...shardOf.keys()].filter((session) => shardOf[session] === shard));

/** The release's balanced k-means, by sorting all pairs. `states`: of each session */
function partitionBySorting(states: number[][], anchors: number[][], rounds: number, scalar: boolean): number[][] {
  const shards = anchors.length;
  const most = states.length / shards + 5;
  let centroids = anchors;
  let clusters: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const pairs = states.flatMap((state, session) =>
      centroids.map((centroid, shard) => ({
        session,
        shard,
        distance: state.reduce((sum, value, j) => sum + (value - centroid[j]) ** 2, 0),
      })),
    );
    pairs.sort((a, b) => a.distance - b.distance || a.shard - b.shard || a.session - b.session);
    clusters = anchors.map(() => []);
    const taken = new Set<number>();
    for (const { session, shard } of pairs)
      if (!taken.has(session) && clusters[shard].length <= most) {
        taken.add(session);
        clusters[shard].push(session);
      }
    centroids = clusters.map((cluster) => {
      const mean = states[0].map(
        (_, j) => cluster.reduce((sum, session) => sum + states[session][j], 0) / cluster.length,
      );
      const all = mean.reduce((sum, value) => sum + value, 0) / mean.length;
      return scalar ? mean.map(() => all) : mean;
    });
  }
  return clusters.map((cluster) => cluster.sort((a, b) => a - b));
}

describe("SRU's partition", () => {
  it.each(["mean", "scalar"] as const)(
    "with %s centroids is the release's, found by sorting all pairs",
    async (centroids) => {
      const model = await original();
      const { shardOf } = await sru.prepare(model, split.train, {
        ...{ ...base, aggregation: "logits", training: { ...training, epochs: 1 }, iterations: 4, centroids },
      });
      const { item, offsets } = split.train;
      const states = Array.from(split.train.user.keys(), async (session) => {
        const [start, end] = [Int32Array.of(offsets[session]), Int32Array.of(offsets[session + 1] - 1)];
        return [...(await model.states({ item, start, end }))];
      });
      const all = await Promise.all(states);
      const anchors = Array.from(Random.derive(1, "anchors").sample(all.length, 3), (session) => all[session]);
      expect(members(shardOf, 3)).toEqual(partitionBySorting(all, anchors, 4, centroids === "scalar"));
    },
  );

  it("gives no shard more than an even share and six", async () => {
    const item = split.train.item.map((_, event) => event % 2); // two kinds of sessions at most
    const { shardOf } = await sru.prepare(
      await original(),
      { ...split.train, item },
      {
        ...{ ...base, aggregation: "logits", training: { ...training, epochs: 1 } },
      },
    );
    for (const own of members(shardOf, 3)) expect(own.length).toBeLessThanOrEqual(Math.floor(64 / 3 + 5) + 1);
  });
});

describe("SRU", () => {
  it("forgets from shards of similar sessions, and its attention learns from what stays", async () => {
    const model = await original();
    const ready = await sru.prepare(model, split.train, base);
    const own = members(ready.shardOf, 3);
    const forgetRows = rowsOf(split.train, own[1].slice(0, 3), 2);
    const run = (extra: Partial<SruOptions> = {}, train = split.train) =>
      sru.unlearn(ready.model, request(forgetRows, train), { ...base, ...extra }, ready);
    const { update, diagnostics, cost } = await run();
    expect(diagnostics).toMatchObject({ retrainedShards: [1], removedRows: 6 });
    expect(cost.seconds["aggregation"]).toBeGreaterThan(0);
    const after = applyUpdate(ready.model, update);
    for (const k of [0, 2]) expect(after.members[k]).toBe(ready.model.members[k]);
    expect(bytes(after.members[1])).not.toEqual(bytes(ready.model.members[1]));
    expect(bytes(applyUpdate(ready.model, (await run()).update))).toEqual(bytes(after));
    const nothing = await sru.unlearn(ready.model, request(new Int32Array(0)), base, ready);
    expect(applyUpdate(ready.model, nothing.update)).toBe(ready.model);
  });

  it("can be interrupted, and leaves no tensors and no workspaces behind", async () => {
    const model = await original("sasrec");
    const { tf } = await tensorEngine();
    const options = { ...base, mode: "paper" } as const;
    const ready = await sru.prepare(model, split.train, options);
    const ask = () => sru.unlearn(ready.model, request(rowsOf(split.train, [0])), options, ready);
    await ask();
    const before = [tf.memory().numTensors, liveWorkspaces()];
    await ask();
    expect([tf.memory().numTensors, liveWorkspaces()]).toEqual(before);
    setCurrentSignal(AbortSignal.abort());
    try {
      await expect(ask()).rejects.toThrow(CancelledError);
    } finally {
      setCurrentSignal(undefined);
    }
    expect([tf.memory().numTensors, liveWorkspaces()]).toEqual(before);
  });
});

describe("the attention over shards", () => {
  it("learns from the shards' states: its ranking becomes better, and the best epoch is kept", async () => {
    const halves = [0, 1].map((half) => Int32Array.from(split.train.user.keys()).filter((s) => s % 2 === half));
    const models = await Promise.all(halves.map((half) => original("gru4rec", selectSessions(split.train, half))));
    const fitted = async (epochs: number, samples = 0) => {
      const centroids = new Float32Array(2 * 8).fill(0.5);
      const options = { epochs, samples, batchSize: 32, learningRate: 0.02 };
      return fitShardAttention(models, centroids, split, options);
    };
    const ndcg = async ({ aggregation }: Awaited<ReturnType<typeof fitShardAttention>>) =>
      mean(ndcgAt(10, await targetRanks(new SessionEnsemble(models, aggregation), prefixSamples(split.valid))))!;
    const [one, six] = [await fitted(1), await fitted(6)];
    expect(await ndcg(six)).toBeGreaterThan((await ndcg(one)) + 0.02);
    expect(one.gradientRows).toBe(prefixSamples(split.train).target.length);
    expect((await fitted(1, 100)).gradientRows).toBe(100);
  });
});

describe("what SRU reads of the original", () => {
  it("leaves nothing behind when it is interrupted before it begins", async () => {
    const model = await original();
    const { tf } = await tensorEngine();
    const before = tf.memory().numTensors;
    setCurrentSignal(AbortSignal.abort());
    try {
      await expect(sru.prepare(model, split.train, base)).rejects.toThrow(CancelledError);
    } finally {
      setCurrentSignal(undefined);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
