/** Stops when a score has not improved for a while, and keeps the best state there was. */
export class EarlyStopping {
  bestScore = -Infinity;
  /** The epoch of the best score, from 1; 0 before the first. */
  bestEpoch = 0;

  /**
   * @param patience how many epochs in a row without improvement end the training
   * @param resumed what an earlier part of the same training had found
   */
  constructor(
    private readonly patience: number,
    resumed?: { readonly bestEpoch: number; readonly bestScore: number },
  ) {
    if (resumed === undefined) return;
    this.bestEpoch = resumed.bestEpoch;
    this.bestScore = resumed.bestScore;
  }

  /** The best there was so far. */
  best(): { readonly bestEpoch: number; readonly bestScore: number } {
    return { bestEpoch: this.bestEpoch, bestScore: this.bestScore };
  }

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
