// What somebody writes who has installed the package: compiled from the tarball, in each way TypeScript finds packages.
import { core, figures } from "recsys-unlearning";
import * as baselines from "recsys-unlearning/baselines";
import * as cau from "recsys-unlearning/cau";
import { datasetCatalogue, generateInteractions, ifruSplit } from "recsys-unlearning/data";
import { tensorEngine } from "recsys-unlearning/engine";
import * as experiments from "recsys-unlearning/experiments";
import { ifru } from "recsys-unlearning/ifru";
import * as metrics from "recsys-unlearning/metrics";
import * as models from "recsys-unlearning/models";
import { toFrame } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";
import { fitMf, refitMf } from "recsys-unlearning/training";

export const names: string[] = Object.keys(datasetCatalogue());
export const random: core.Random = core.Random.fromSeed(1);
export const areas = { baselines, cau, experiments, figures, metrics, models, table, toFrame };

export async function forget(): Promise<number> {
  const { train, valid, forgetRows } = ifruSplit(generateInteractions());
  const original = await fitMf(train, valid);
  const prepared = await ifru.prepare(original.model, train, { retrain: (rows) => refitMf(original, rows) });
  const { cost } = await ifru.unlearn(original.model, { name: "2 %", train, forgetRows }, {}, prepared);
  const { tf } = await tensorEngine();
  return cost.hessianVectorProducts + tf.tensor1d([1, 2]).add(1).dataSync()[0];
}

// Types that were not found would be `any`, and these no errors.
// @ts-expect-error the names of datasets are text
export const wrong: number = Object.keys(datasetCatalogue())[0];
// @ts-expect-error it is an option of no model
export const unknown = fitMf(ifruSplit(generateInteractions()).train, undefined, { nope: 1 });
