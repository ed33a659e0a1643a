import { Random } from "../core";
import type { Interactions } from "../data";
import { balancedAssignment } from "./balanced-assignment";

/** Embeddings that interactions are compared by: those of a model trained on all of them. */
export interface PartitionEmbeddings {
  /** `[userCount, embeddingSize]` */
  readonly userEmbedding: Float32Array;
  /** `[itemCount, embeddingSize]` */
  readonly itemEmbedding: Float32Array;
  readonly embeddingSize: number;
}

/** How members are partitioned by similarity. */
export interface BalancedMeansOptions {
  readonly shards: number;
  /** Most rounds of assignment. */
  readonly iterations: number;
  /**
   * `mean`: a shard's centroid is the mean of its members; `scalar`: its mean over members *and* dimensions, the
   * release's defect.
   */
  readonly centroids: "mean" | "scalar";
  readonly seed: number;
}

/** How rows are partitioned by similarity. */
export interface PartitionOptions extends BalancedMeansOptions {
  /** What a shard holds: similar interactions, or all rows of similar users or items. */
  readonly by: "interaction" | "user" | "item";
  /** Most members of a shard, as a multiple of an even share; at least 1. */
  readonly slack: number;
}

/** Random shards of even size (SISA). Returns the shard of each row, `[rows]`. */
export function randomPartition(rows: number, shards: number, seed: number): Int32Array {
  const shuffled = Random.derive(seed, "shards").shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  const shardOf = new Int32Array(rows);
  shuffled.forEach((row, k) => (shardOf[row] = Math.floor((k * shards) / rows)));
  return shardOf;
}

/**
 * RecEraser's balanced partition (Chen et al., WWW 2022, section 3.2): members start around random anchors and are
 * assigned to centroids by embedding distance, best pairs first, none over capacity, until nothing moves. The distance
 * of an interaction is its user's times its item's.
 *
 * @returns the shard of each row, `[rows]`
 */
export function similarityPartition(
  train: Interactions,
  embeddings: PartitionEmbeddings,
  options: PartitionOptions,
): Int32Array {
  const { by, shards, slack } = options;
  const tables = tablesOf(train, embeddings, by);
  const capacity = Math.ceil((slack * tables[0].row.length) / shards);
  const shardOf = balancedMeans(tables, { ...options, capacity });
  if (by === "interaction") return shardOf;
  return (by === "user" ? train.user : train.item).map((id) => shardOf[id]);
}

/**
 * SRU's balanced partition: the same of sessions by their states, a shard of which takes no more once it holds over n /
 * shards + 5.
 *
 * @param states `[sessions, width]`
 * @returns the shard of each session, `[sessions]`
 */
export function statePartition(states: Float32Array, width: number, options: BalancedMeansOptions): Int32Array {
  const sessions = states.length / width;
  const table = new ComparedTable(states, everyId(sessions), width);
  const capacity = Math.min(sessions, Math.floor(sessions / options.shards + 5) + 1);
  return balancedMeans([table], { ...options, capacity });
}

/** Balanced k-means. @returns the shard of each member */
function balancedMeans(
  tables: readonly ComparedTable[],
  { shards, iterations, centroids, seed, capacity }: BalancedMeansOptions & { readonly capacity: number },
): Int32Array {
  const anchors = Random.derive(seed, "anchors").sample(tables[0].row.length, shards);
  for (const table of tables) table.centroids = Array.from(anchors, (member) => table.of(member));
  let shardOf = assign(tables, shards, capacity);
  for (let iteration = 1; iteration < iterations; iteration++) {
    for (const table of tables) table.moveCentroids(shardOf, shards, centroids);
    const next = assign(tables, shards, capacity);
    const moved = next.some((shard, member) => shard !== shardOf[member]);
    shardOf = next;
    if (!moved) break;
  }
  return shardOf;
}

function everyId(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, id) => id);
}

function tablesOf(
  train: Interactions,
  { userEmbedding, itemEmbedding, embeddingSize }: PartitionEmbeddings,
  by: PartitionOptions["by"],
): ComparedTable[] {
  if (by === "user") return [new ComparedTable(userEmbedding, everyId(train.userCount), embeddingSize)];
  if (by === "item") return [new ComparedTable(itemEmbedding, everyId(train.itemCount), embeddingSize)];
  return [
    new ComparedTable(userEmbedding, train.user, embeddingSize),
    new ComparedTable(itemEmbedding, train.item, embeddingSize),
  ];
}

/** One embedding table, which of its rows each member has, and the shards' centroids in it. */
class ComparedTable {
  centroids: Float64Array[] = [];

  constructor(
    private readonly values: Float32Array,
    readonly row: Int32Array,
    private readonly width: number,
  ) {}

  of(member: number): Float64Array {
    const at = this.row[member] * this.width;
    return Float64Array.from(this.values.subarray(at, at + this.width));
  }

  /** Squared distance of every table row to a shard's centroid. */
  distances(shard: number): Float64Array {
    const { values, width } = this;
    const centroid = this.centroids[shard];
    const distances = new Float64Array(values.length / width);
    for (let row = 0, k = 0; row < distances.length; row++)
      for (let j = 0; j < width; j++) distances[row] += (values[k++] - centroid[j]) ** 2;
    return distances;
  }

  moveCentroids(shardOf: Int32Array, shards: number, kind: PartitionOptions["centroids"]): void {
    const { row, width } = this;
    const counts = Array.from({ length: shards }, () => new Int32Array(this.values.length / width));
    for (let member = 0; member < row.length; member++) counts[shardOf[member]][row[member]]++;
    this.centroids = counts.map((rows, shard) => {
      const mean = this.weightedMean(rows);
      if (mean === null) return this.centroids[shard];
      return kind === "mean" ? mean : mean.fill(mean.reduce((total, value) => total + value, 0) / width);
    });
  }

  /** The mean of the rows, each as often as it counts; `null` of none. */
  private weightedMean(counts: Int32Array): Float64Array | null {
    const { values, width } = this;
    const sum = new Float64Array(width);
    let total = 0;
    for (let row = 0; row < counts.length; row++) {
      total += counts[row];
      if (counts[row] > 0) for (let j = 0; j < width; j++) sum[j] += counts[row] * values[row * width + j];
    }
    return total === 0 ? null : sum.map((value) => value / total);
  }
}

function assign(tables: readonly ComparedTable[], shards: number, capacity: number): Int32Array {
  const affinities = Array.from({ length: shards }, (_, shard) => {
    const affinity = new Float64Array(tables[0].row.length).fill(-1);
    for (const table of tables) {
      const distances = table.distances(shard);
      for (let member = 0; member < affinity.length; member++) affinity[member] *= distances[table.row[member]];
    }
    return affinity;
  });
  return balancedAssignment(affinities, capacity);
}

/** The rows of each shard, ascending. @param shardOf `[rows]` */
export function rowsByShard(shardOf: Int32Array, shards: number): Int32Array[] {
  const rows: number[][] = Array.from({ length: shards }, () => []);
  shardOf.forEach((shard, row) => rows[shard].push(row));
  return rows.map((some) => Int32Array.from(some));
}

/** Cuts rows into random slices of even size, each ascending. */
export function intoSlices(rows: Int32Array, slices: number, seed: number): Int32Array[] {
  return rowsByShard(randomPartition(rows.length, slices, seed), slices).map((some) => some.map((k) => rows[k]));
}
