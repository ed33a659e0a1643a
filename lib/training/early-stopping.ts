/** Stops when a score has not improved for a while, and keeps the best state there was. */
export class EarlyStopping {
  bestScore = -Infinity;
  /** The epoch of the best score, from 1; 0 before the first. */
  bestEpoch = 0;

  /** @param patience how many epochs in a row without improvement end the training */
  constructor(private readonly patience: number) {}

  /**
   * @param epoch from 1
   * @param score higher is better
   * @returns whether this is the best so far
   */
  improves(epoch: number, score: number): boolean {
    if (score <= this.bestScore) return false;
    this.bestScore = score;
    this.bestEpoch = epoch;
    return true;
  }

  /** Whether `epoch` was the last one to wait for. */
  exhaustedAt(epoch: number): boolean {
    return epoch - this.bestEpoch >= this.patience;
  }
}
