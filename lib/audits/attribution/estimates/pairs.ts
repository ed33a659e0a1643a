import { LightGcn, type Mf } from "../../../models";

/** The pairs of user and item whose scores are the outputs. */
export interface Pairs {
  /** Dense user ids, `[pairs]` */
  readonly user: Int32Array;
  /** Dense item ids, `[pairs]` */
  readonly item: Int32Array;
}

/** A model that scores by dot products of embeddings. */
export type FactorModel = Mf | LightGcn;

/** Embeddings of all users and items, as a model over the same graph takes them further; MF's stay as they are. */
export function spreadOver(model: FactorModel, tables: Mf): Mf {
  if (!(model instanceof LightGcn)) return tables;
  const { userEmbedding, itemEmbedding } = tables;
  return model.withParameters(new Map(Object.entries({ userEmbedding, itemEmbedding }))).propagated();
}

/** A row of one table times a row of another. */
export function rowProduct(a: Float32Array, rowOfA: number, b: Float32Array, rowOfB: number, width: number): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += a[rowOfA * width + j] * b[rowOfB * width + j];
  return sum;
}
