/**
 * Assigns members to shards of limited capacity: pairs are taken from the best affinity down, each where the member is
 * still free and the shard has room (RecEraser's balanced partition). Equal affinities go to the lower shard, then to
 * the lower member.
 *
 * Since both sides rank a pair by the same number, this is their one stable matching, and is found by proposals, in
 * whatever order: every member asks its best shard, and a full shard turns its weakest away, who asks its next. No
 * pairs are sorted.
 *
 * @param affinities by shard, `[shards][members]`; larger is better
 * @param capacity most members of a shard; capacity x shards must be at least the members
 * @returns the shard of each member, `[members]`
 */
export function balancedAssignment(affinities: readonly Float64Array[], capacity: number): Int32Array {
  const members = affinities[0].length;
  const refused = affinities.map(() => new Uint8Array(members));
  const held = affinities.map((affinity) => new WeakestFirst(affinity, capacity));
  const shardOf = new Int32Array(members);
  for (let member = 0; member < members; member++)
    for (let free = member; free >= 0;) {
      const shard = bestShard(affinities, refused, free);
      shardOf[free] = shard;
      free = held[shard].add(free);
      if (free >= 0) refused[shard][free] = 1;
    }
  return shardOf;
}

/** The shard with the best affinity among those that have not turned a member away. */
function bestShard(affinities: readonly Float64Array[], refused: readonly Uint8Array[], member: number): number {
  let best = -1;
  for (let shard = 0; shard < affinities.length; shard++)
    if (refused[shard][member] === 0 && (best < 0 || affinities[shard][member] > affinities[best][member]))
      best = shard;
  return best;
}

/** The members of one shard as a binary heap, the one to turn away first on top. */
class WeakestFirst {
  private readonly heap: Int32Array;
  private size = 0;

  constructor(
    private readonly affinity: Float64Array,
    private readonly capacity: number,
  ) {
    this.heap = new Int32Array(capacity);
  }

  /** Takes a member in. @returns who has to leave for it, perhaps itself; -1 while there is room */
  add(member: number): number {
    if (this.size < this.capacity) {
      this.rise(this.size++, member);
      return -1;
    }
    const weakest = this.heap[0];
    if (this.isWeaker(member, weakest)) return member;
    this.sink(member);
    return weakest;
  }

  private isWeaker(a: number, b: number): boolean {
    const { affinity } = this;
    return affinity[a] < affinity[b] || (affinity[a] === affinity[b] && a > b);
  }

  private rise(from: number, member: number): void {
    const { heap } = this;
    let at = from;
    for (let parent = (at - 1) >> 1; at > 0 && this.isWeaker(member, heap[parent]); parent = (at - 1) >> 1) {
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = member;
  }

  /** Puts a member in the place of the top. */
  private sink(member: number): void {
    const { heap, size } = this;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.isWeaker(heap[child + 1], heap[child])) child++;
      if (!this.isWeaker(heap[child], member)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = member;
  }
}
