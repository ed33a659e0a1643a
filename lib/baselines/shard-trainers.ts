import type { Interactions } from "../data";
import type { LightGcn, Mf } from "../models";
import {
  fitLightGcn,
  fitLightGcnOptions,
  type FitLightGcnOptions,
  fitMf,
  fitMfOptions,
  type FitMfOptions,
} from "../training";

/** How one kind of model is trained, on a shard as anywhere. */
export interface ShardTrainer<M, F> {
  /** From scratch, or from `initial`. */
  fit(
    rows: Interactions,
    valid: Interactions,
    options: Partial<F>,
    initial?: M,
  ): Promise<{ readonly model: M; readonly epochs: number }>;
  /** The options of a training with their defaults. */
  resolve(options: Partial<F>): F & { readonly seed: number; readonly batchSize: number };
}

/** Matrix factorisation as shards are trained. */
export const mfTrainer: ShardTrainer<Mf, FitMfOptions> = {
  fit: (rows, valid, options, initial) => fitMf(rows, valid, options, initial),
  resolve: fitMfOptions.resolve,
};

/** LightGCN as shards are trained, each over the graph of its own rows. */
export const lightGcnTrainer: ShardTrainer<LightGcn, FitLightGcnOptions> = {
  fit: (rows, valid, options, initial) => fitLightGcn(rows, valid, options, initial),
  resolve: fitLightGcnOptions.resolve,
};
