/**
 * Assigns members to shards of limited capacity: pairs are taken from the best affinity down, each where the member is still free and
 * the shard has room (RecEraser's balanced partition). Equal affinities go to the lower shard, then to the lower member.
 *
 * Since both sides rank a pair by the same number, this is their one stable matching, and is found by proposals: every member
 * asks its best shard, full shards turn the weakest away, who ask their next. That sorts only what overflows, not all pairs.
 *
 * @param affinities by shard, `[shards][members]`; larger is better
 * @param capacity most members of a shard; capacity x shards must be at least the members
 * @returns the shard of each member, `[members]`
 */
export function balancedAssignment(affinities: readonly Float64Array[], capacity: number): Int32Array {
  const members = affinities[0].length;
  const refused = affinities.map(() => new Uint8Array(members));
  const shardOf = new Int32Array(members).fill(-1);
  const held: number[][] = affinities.map(() => []);
  let free = Array.from({ length: members }, (_, member) => member);
  while (free.length > 0) {
    for (const member of free) {
      shardOf[member] = bestShard(affinities, refused, member);
      held[shardOf[member]].push(member);
    }
    free = [];
    held.forEach((some, shard) => {
      if (some.length <= capacity) return;
      some.sort((a, b) => affinities[shard][b] - affinities[shard][a] || a - b);
      for (const member of some.splice(capacity)) {
        refused[shard][member] = 1;
        free.push(member);
      }
    });
  }
  return shardOf;
}

/** The shard with the best affinity among those that have not turned a member away. */
function bestShard(affinities: readonly Float64Array[], refused: readonly Uint8Array[], member: number): number {
  let best = -1;
  affinities.forEach((affinity, shard) => {
    if (refused[shard][member] === 0 && (best < 0 || affinity[member] > affinities[best][member])) best = shard;
  });
  return best;
}
