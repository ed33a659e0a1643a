import { operations } from "../engine";
import type { Batch } from "./batches";
import type { TrainableTables, Objective } from "./embedding-trainee";

/** Binary cross-entropy with logits on labels 0 and 1, mean over the batch (`lib/ifru/README.md`, equation 1). */
export class CrossEntropy implements Objective {
  /** @param penalty added to each row's loss: penalty / 2 x (|p_u|² + |q_i|²) */
  constructor(private readonly penalty: number) {}

  startEpoch(): void {}

  lossGradient(batch: Batch, tables: TrainableTables): number {
    const scale = 1 / batch.user.length;
    return operations().mfLossGradient({ ...batch, ...tables, scale, penalty: this.penalty });
  }
}
