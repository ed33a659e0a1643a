/** Milliseconds by which a thread that has a core to itself may be late. */
const tolerated = 1;
const mostRest = 256;

/**
 * Whether other programs keep the cores busy: then a piece that another thread has taken is done late, because that
 * thread does not get its turn. The threads are let rest for a number of operations, twice as many each time that they
 * were late again.
 */
export class Contention {
  private rest = 1;
  private left = 0;

  /** Whether the next operation is for the caller alone. */
  isResting(): boolean {
    if (this.left === 0) return false;
    this.left--;
    return true;
  }

  /**
   * Notes an operation of several threads.
   *
   * @param waited milliseconds that the caller waited when no piece was left
   * @param longest milliseconds of the longest of its own pieces
   */
  note(waited: number, longest: number): void {
    const isLate = waited > 2 * longest + tolerated;
    this.rest = isLate ? Math.min(2 * this.rest, mostRest) : Math.max(1, this.rest / 2);
    this.left = isLate ? this.rest : 0;
  }
}
