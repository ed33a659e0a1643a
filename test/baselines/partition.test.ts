import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balancedAssignment } from "../../lib/baselines/balanced-assignment";
import { intoSlices, randomPartition, rowsByShard, similarityPartition } from "../../lib/baselines/partition";
import { Random } from "../../lib/core";
import { IdMap, type Interactions } from "../../lib/data";

const affinityTables = fc
  .record({ members: fc.integer({ min: 1, max: 20 }), shards: fc.integer({ min: 1, max: 5 }) })
  .chain(({ members, shards }) =>
    fc.record({
      // Few different values, so that ties occur.
      affinities: fc.array(
        fc
          .array(fc.integer({ min: 0, max: 6 }), { minLength: members, maxLength: members })
          .map((row) => Float64Array.from(row)),
        { minLength: shards, maxLength: shards },
      ),
      capacity: fc.integer({ min: Math.ceil(members / shards), max: members }),
    }),
  );

/** The release's way: all pairs from the best down. */
function greedyAssignment(affinities: Float64Array[], capacity: number): number[] {
  const pairs = affinities.flatMap((row, shard) => [...row].map((affinity, member) => ({ affinity, shard, member })));
  pairs.sort((a, b) => b.affinity - a.affinity || a.shard - b.shard || a.member - b.member);
  const shardOf = new Array<number>(affinities[0].length).fill(-1);
  const room = affinities.map(() => capacity);
  for (const { shard, member } of pairs)
    if (shardOf[member] < 0 && room[shard] > 0) {
      shardOf[member] = shard;
      room[shard]--;
    }
  return shardOf;
}

describe("balanced assignment", () => {
  it("is the greedy one over all pairs, without sorting them", () => {
    fc.assert(
      fc.property(affinityTables, ({ affinities, capacity }) => {
        expect([...balancedAssignment(affinities, capacity)]).toEqual(greedyAssignment(affinities, capacity));
      }),
    );
  });
});

/** Two tastes: users and items of one kind are near each other, and interact among themselves. */
function tastes(): { train: Interactions; embeddings: Parameters<typeof similarityPartition>[1] } {
  const random = Random.fromSeed(3);
  const [userCount, itemCount, width] = [40, 20, 4];
  const cluster = (count: number) =>
    Float32Array.from(
      { length: count * width },
      (_, k) => (Math.floor(k / width) % 2 === k % 2 ? 3 : 0) + random.normal() / 4,
    );
  const user = Int32Array.from({ length: 400 }, (_, k) => k % userCount);
  return {
    train: {
      ...{ user, item: user.map((u) => 2 * random.integer(itemCount / 2) + (u % 2)), label: new Float32Array(400) },
      ...{ userCount, itemCount, users: new IdMap("user"), items: new IdMap("item") },
    },
    embeddings: { userEmbedding: cluster(userCount), itemEmbedding: cluster(itemCount), embeddingSize: width },
  };
}

const options = { shards: 2, iterations: 50, slack: 1.2, centroids: "mean", seed: 1 } as const;

describe("similarity partition", () => {
  it.each(["interaction", "user", "item"] as const)("finds planted tastes (by %s)", (by) => {
    const { train, embeddings } = tastes();
    const shardOf = similarityPartition(train, embeddings, { ...options, by });
    const taste = train.user.map((user) => user % 2);
    const together = shardOf.filter((shard, row) => shard === taste[row]).length;
    expect(Math.max(together, 400 - together)).toBe(400);
  });

  it("keeps every shard within its capacity, whatever the centroids", () => {
    const { train, embeddings } = tastes();
    for (const centroids of ["mean", "scalar"] as const)
      for (const shards of [1, 3, 7]) {
        const shardOf = similarityPartition(train, embeddings, { ...options, by: "interaction", shards, centroids });
        const sizes = rowsByShard(shardOf, shards).map((rows) => rows.length);
        expect(sizes.reduce((sum, size) => sum + size)).toBe(400);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil((1.2 * 400) / shards));
      }
  });

  it("puts all rows of a user in one shard when it is by user", () => {
    const { train, embeddings } = tastes();
    const shardOf = similarityPartition(train, embeddings, { ...options, by: "user", shards: 5 });
    const shards = new Map<number, number>();
    shardOf.forEach((shard, row) => {
      expect(shards.get(train.user[row]) ?? shard).toBe(shard);
      shards.set(train.user[row], shard);
    });
  });
});

describe("random shards and slices", () => {
  it("hold every row once, evenly, the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer(),
        (rows, parts, seed) => {
          const shards = rowsByShard(randomPartition(rows, parts, seed), parts);
          const sizes = shards.map((some) => some.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          const slices = intoSlices(shards[0], 3, seed);
          expect(slices.flatMap((some) => [...some]).sort((a, b) => a - b)).toEqual([...shards[0]]);
          expect(rowsByShard(randomPartition(rows, parts, seed), parts)).toEqual(shards);
        },
      ),
    );
  });
});
