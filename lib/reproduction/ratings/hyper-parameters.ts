import { type OptionFields, type OptionList, optionList, withInitial } from "../../core";
import type { Options } from "../../experiments";

/**
 * How models are trained on each dataset, where that differs from the defaults of `lib/training`.
 *
 * The authors' (released scripts): MF has embeddings of 64, step and initial deviation 1e-4 on Amazon; 48, 1e-3 and
 * 1e-3 on BookCrossing; LightGCN 32, 1e-4, 1e-4 and one layer on both; batches of 2048, patience 11, no regularisation.
 * Ours: datasets the paper lacks take MF's values for BookCrossing and, since an epoch there has few steps, LightGCN's
 * step and deviation 1e-3; LightGCN's patience is 40 everywhere, since 11 stops some trainings on an early plateau.
 */
const authors: Readonly<Record<string, Readonly<Record<string, Options>>>> = {
  "amazon-electronics": {
    mf: { embeddingSize: 64, learningRate: 1e-4, initialDeviation: 1e-4 },
    lightgcn: { learningRate: 1e-4, initialDeviation: 1e-4 },
  },
  bookcrossing: {
    mf: { embeddingSize: 48, learningRate: 1e-3, initialDeviation: 1e-3 },
    lightgcn: { learningRate: 1e-4, initialDeviation: 1e-4 },
  },
};

/** A backbone's options with the defaults for a dataset. */
export function withHyperParameters({ where, fields }: OptionList, dataset: string, backbone: string): OptionList {
  const chosen = Object.entries(authors[dataset]?.[backbone] ?? {});
  const changed = chosen.map(([name, value]) => [name, withInitial<unknown>(fields[name], value)]);
  return optionList(where, { ...fields, ...(Object.fromEntries(changed) as OptionFields) });
}
