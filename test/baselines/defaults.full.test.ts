// The baselines' defaults are what the rule of lib/baselines/README.md chooses. Prints every trial:
// RECSYS_TEST_FULL=1 npx vitest run test/baselines/defaults.full.test.ts
import { beforeAll, describe, expect, it } from "vitest";
import {
  fitAttention,
  fitAttentionOptions,
  gradientAscent,
  gradientAscentOptions,
  recEraser,
  scif,
  scifOptions,
} from "../../lib/baselines";
import { type IfruSplit, ifruSplit, loadDataset, retainedRows, selectRows } from "../../lib/data";
import { auc } from "../../lib/metrics";
import { Ensemble, type Mf, type Recommender } from "../../lib/models";
import { table } from "../../lib/tables";
import { applyUpdate, fitMf, type MfFit, refitMf, type UnlearningRequest } from "../../lib/training";

const seeds = [101, 102, 103];
/** Below this, two means of the validation AUC count as equal. */
const margin = 1e-4;

interface Trial<O> {
  readonly options: O;
  readonly values: readonly number[];
}

/**
 * The first of those that count as best. Grids are in the order of preference: what costs less, or has fewer numbers of
 * its own.
 */
function choice<O extends object>(caption: string, trials: readonly Trial<O>[]): O {
  const means = trials.map(({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const rows = trials.map(({ options, values }, k) => ({
    ...options,
    ...Object.fromEntries(values.map((value, n) => [`seed ${seeds[n]}`, value.toFixed(5)])),
    mean: means[k].toFixed(5),
  }));
  console.log(table({ rows, caption }).toText(false));
  return trials[means.findIndex((mean) => mean > Math.max(...means) - margin)].options;
}

/** Every combination, the last axis varying fastest. */
function grid<O extends object>(axes: { [K in keyof O]: readonly O[K][] }): O[] {
  return Object.entries(axes).reduce<O[]>(
    (before, [name, values]) =>
      before.flatMap((one) => (values as unknown[]).map((value) => ({ ...one, [name]: value }))),
    [{} as O],
  );
}

const hour = 3_600_000;

describe("defaults on ml-100k, 2 % of its training rows mislabelled and forgotten", () => {
  let split: IfruSplit;
  let request: UnlearningRequest;
  let fits: MfFit[];
  beforeAll(async () => {
    split = ifruSplit((await loadDataset("ml-100k")).interactions, { positiveAbove: 3 });
    request = { name: "2%", train: split.train, forgetRows: split.forgetRows };
    fits = [];
    for (const seed of seeds) fits.push(await fitMf(split.train, split.valid, { seed }));
  });

  const validationAuc = (model: Recommender): number => {
    const { user, item, label } = split.valid;
    return auc(model.score(user, item), label) ?? NaN;
  };

  /** Tries options one after another on every seed's original. */
  async function tried<O extends object>(options: readonly O[], answer: (fit: MfFit, one: O) => Promise<Recommender>) {
    const trials: Trial<O>[] = [];
    for (const one of options) {
      const values: number[] = [];
      for (const fit of fits) values.push(validationAuc(await answer(fit, one)));
      trials.push({ options: one, values });
    }
    return trials;
  }

  it(
    "SCIF",
    async () => {
      const options = grid<{ damping: number; trainingGradient: "none" | "descend" | "ascend" }>({
        damping: [3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5],
        trainingGradient: ["none", "descend", "ascend"],
      });
      const trials = await tried(options, async ({ model }, one) =>
        applyUpdate(model, (await scif.unlearn(model, request, one)).update),
      );
      expect(scifOptions.defaults()).toMatchObject(choice("SCIF", trials));
    },
    hour,
  );

  it(
    "gradient ascent",
    async () => {
      const learningRate = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3];
      const prepared = new Map(
        await Promise.all(
          fits.map(async (fit) => {
            const retrain = (rows: IfruSplit["train"]) => refitMf(fit, rows);
            return [
              fit,
              await gradientAscent.prepare(fit.model, split.train, { seed: fit.options.seed, retrain }),
            ] as const;
          }),
        ),
      );
      const answer = async (fit: MfFit, one: object) =>
        applyUpdate(fit.model, (await gradientAscent.unlearn(fit.model, request, one, prepared.get(fit))).update);
      const rises = grid<{ lossRise: number | "calibrated"; learningRate: number }>({
        lossRise: ["calibrated", 0.1, 0.2, 0.3, 0.5],
        learningRate,
      });
      const principled = choice("gradient ascent", await tried(rises, answer));
      expect(gradientAscentOptions.defaults()).toMatchObject(principled);
      const validated = await tried(grid({ learningRate }), (fit, one) =>
        answer(fit, { ...one, mode: "paper", validation: split.valid }),
      );
      expect(gradientAscentOptions.defaults()).toMatchObject(choice("gradient ascent, paper mode", validated));
    },
    hour,
  );

  it(
    "attention over RecEraser's shards",
    async () => {
      const rows = selectRows(split.train, retainedRows(split.train, split.forgetRows));
      const shards = new Map<MfFit, readonly Mf[]>();
      for (const fit of fits) {
        const { seed } = fit.options;
        const options = { aggregation: "mean", training: { seed }, validation: split.valid, seed } as const;
        const prepared = await recEraser.prepare(fit.model, split.train, options);
        const { diagnostics } = await recEraser.unlearn(fit.model, request, options, prepared);
        shards.set(fit, diagnostics.prepared.model.members);
      }
      const answer = async (fit: MfFit, one: object) => {
        const members = shards.get(fit) ?? [];
        const { weights } = await fitAttention(members, rows, split.valid, { ...one, seed: fit.options.seed });
        return new Ensemble(members, weights);
      };
      const steps = grid<{ batchSize: number; learningRate: number }>({
        batchSize: [8192, 2048],
        learningRate: [2e-2, 5e-3, 1e-3],
      });
      const patient = steps.map((one) => ({ ...one, patience: 11 }));
      const chosen = choice("attention, patience 11", await tried(patient, answer));
      const patiences = [3, 5, 11].map((patience) => ({ ...chosen, patience }));
      expect(fitAttentionOptions.defaults()).toMatchObject(
        choice("attention's patience", await tried(patiences, answer)),
      );
    },
    hour,
  );
});
