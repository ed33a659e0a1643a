/**
 * Numbers 0, 1, 2 … for dense ids in order of first appearance. What it costs depends on the ids that appear, not on
 * how many there are.
 */
export class LocalNumbering {
  /** The ids by number. */
  readonly ids: number[] = [];

  /**
   * @param room an element for each id, all zero; zero again after `clear`
   * @param first ids that get the lowest numbers, each once
   */
  constructor(
    private readonly room: Int32Array,
    first?: Int32Array,
  ) {
    if (first !== undefined) for (const id of first) this.number(id);
  }

  /** The number of an id, the next one if it is new. */
  number(id: number): number {
    const known = this.room[id];
    if (known > 0) return known - 1;
    this.room[id] = this.ids.push(id);
    return this.ids.length - 1;
  }

  /** Whether an id has a number. */
  has(id: number): boolean {
    return this.room[id] > 0;
  }

  /** Leaves the room as it was found. Call it in a `finally`. */
  clear(): void {
    for (const id of this.ids) this.room[id] = 0;
  }
}
