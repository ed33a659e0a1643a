import { gradientAscent, recEraser, recEraserLightGcn, scif, sisa, sisaLightGcn } from "../../baselines";
import { cauMf } from "../../cau";
import { Stopwatch } from "../../core";
import { type Interactions, retainedRows, selectRows } from "../../data";
import { ifru, ifruLightGcn, ifruNeuralMf } from "../../ifru";
import type { EmbeddingModel, LightGcn, Mf, NeuralMf } from "../../models";
import type { RatingsRecommender } from "../../recommendations";
import type { UnlearningCost, UnlearningRequest, ModelUpdate } from "../../training";
import { type Family, type Fitted, lightgcn, mf, neuralMf } from "./families";
import type { ModelName } from "./flags";

/** What a method has to work with. */
interface Given<M> {
  readonly family: Family<M>;
  readonly original: Fitted<M>;
  readonly request: UnlearningRequest;
  readonly valid: Interactions;
  readonly seed: number;
  /** IFRU's; calibrated where there is none. */
  readonly damping: number | undefined;
}

const seeded = (seed: number, damping: number | undefined) => ({ seed, ...(damping === undefined ? {} : { damping }) });

/** A method's answer, and what it is compared with. */
export interface Answered {
  /** The model before: Original, or the ensemble that a sharded method has in its place. */
  readonly before: RatingsRecommender;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- models of all kinds
  readonly answer: { readonly update: ModelUpdate<any>; readonly cost: UnlearningCost };
  readonly preparationSeconds: number;
  /** Trains what `before` is anew, on the rows that stay. */
  retrain(seed: number): Promise<RatingsRecommender>;
}

type Answer<M> = (given: Given<M>) => Promise<Answered>;

const rowsThatStay = ({ train, forgetRows }: UnlearningRequest) => selectRows(train, retainedRows(train, forgetRows));

/** A method that changes Original in place. @param work prepares and answers */
function inPlace<M extends RatingsRecommender, P>(
  prepare: (given: Given<M>, refit: (rows: Interactions) => Promise<M>) => Promise<P>,
  unlearn: (given: Given<M>, prepared: P) => Promise<Answered["answer"]>,
): Answer<M> {
  return async (given) => {
    const { family, original, request, valid, seed } = given;
    const watch = new Stopwatch();
    const prepared = await watch.timeAsync("preparation", () =>
      prepare(given, (rows) => family.refit(original, rows, valid, seed)),
    );
    return {
      before: original.model,
      answer: await unlearn(given, prepared),
      preparationSeconds: watch.seconds()["preparation"],
      retrain: (other) => family.refit(original, rowsThatStay(request), valid, other),
    };
  };
}

const nothing = async (): Promise<undefined> => undefined;

/** Training from scratch on what stays is its own answer. */
function retraining<M extends RatingsRecommender>(): Answer<M> {
  return inPlace<M, undefined>(nothing, async ({ family, original, request, valid, seed }) => {
    const watch = new Stopwatch();
    const rows = rowsThatStay(request);
    // a seed that no retraining has which it is held against
    const model = await watch.timeAsync("training", () => family.refit(original, rows, valid, seed + 1000));
    const cost = { seconds: watch.seconds(), gradientRows: original.bestEpoch * rows.user.length };
    const rest = { hessianVectorProducts: 0, incidentRows: null, rowsTouched: rows.userCount + rows.itemCount };
    return { update: { kind: "model", model }, cost: { ...cost, ...rest } };
  });
}

/** A method that trains a model on every shard. */
function sharded<M extends EmbeddingModel<M> & RatingsRecommender>(method: typeof sisa | typeof recEraser): Answer<M> {
  const shards = method as typeof sisa; // both are called alike; models are of one kind throughout
  return async ({ family, original, request, valid, seed }) => {
    const options = (of: number) => ({ seed: of, validation: valid, training: { ...original.options, seed: of } });
    const watch = new Stopwatch();
    const model = original.model as never;
    const prepared = await watch.timeAsync("preparation", () => shards.prepare(model, request.train, options(seed)));
    const answer = await shards.unlearn(prepared.model, request, options(seed), prepared);
    return {
      before: prepared.model,
      answer,
      preparationSeconds: watch.seconds()["preparation"],
      async retrain(other) {
        const rows = rowsThatStay(request);
        // RecEraser's partition compares embeddings: those of a model that never saw what is forgotten
        const base = (await family.refit(original, rows, valid, other)) as never;
        return (await shards.prepare(base, rows, options(other))).model;
      },
    };
  };
}

const mfMethods: Readonly<Record<string, Answer<Mf>>> = {
  ifru: inPlace(
    ({ original, request, seed, damping }, retrain) =>
      ifru.prepare(original.model, request.train, { ...seeded(seed, damping), retrain }),
    ({ original, request, seed, damping }, prepared) =>
      ifru.unlearn(original.model, request, seeded(seed, damping), prepared),
  ),
  scif: inPlace(
    ({ original, request }) => scif.prepare(original.model, request.train),
    ({ original, request }, prepared) => scif.unlearn(original.model, request, {}, prepared),
  ),
  // CAU ends where gradient ascent does: at the loss that a retrained model has on rows it never saw
  "cau-mf": inPlace(
    ({ original, request, seed }, retrain) => gradientAscent.prepare(original.model, request.train, { seed, retrain }),
    ({ original, request, seed }, { lossRise }) =>
      cauMf.unlearn(original.model, request, { seed, ...(lossRise === null ? {} : { lossRise }) }),
  ),
  "gradient-ascent": inPlace(
    ({ original, request, seed }, retrain) => gradientAscent.prepare(original.model, request.train, { seed, retrain }),
    ({ original, request, seed }, prepared) => gradientAscent.unlearn(original.model, request, { seed }, prepared),
  ),
  sisa: sharded(sisa),
  receraser: sharded(recEraser),
  retrain: retraining(),
};

const lightGcnMethods: Readonly<Record<string, Answer<LightGcn>>> = {
  ifru: inPlace(
    ({ original, request, seed, damping }, retrain) =>
      ifruLightGcn.prepare(original.model, request.train, { ...seeded(seed, damping), retrain }),
    ({ original, request, seed, damping }, prepared) =>
      ifruLightGcn.unlearn(original.model, request, seeded(seed, damping), prepared),
  ),
  sisa: sharded(sisaLightGcn as never),
  receraser: sharded(recEraserLightGcn as never),
  retrain: retraining(),
};

const neuralMfMethods: Readonly<Record<string, Answer<NeuralMf>>> = {
  ifru: inPlace(nothing, ({ original, request }) => ifruNeuralMf.unlearn(original.model, request)),
  retrain: retraining(),
};

/** A kind of model with the methods that work on it. */
export interface Bench {
  readonly family: Family<RatingsRecommender>;
  readonly methods: Readonly<Record<string, Answer<RatingsRecommender>>>;
}

function bench<M extends RatingsRecommender>(family: Family<M>, methods: Readonly<Record<string, Answer<M>>>): Bench {
  return { family, methods } as unknown as Bench; // models are of one kind throughout a run
}

/** Every model, with the methods that work on it. */
export const benches: Readonly<Record<ModelName, Bench>> = {
  mf: bench(mf, mfMethods),
  lightgcn: bench(lightgcn, lightGcnMethods),
  "neural-mf": bench(neuralMf, neuralMfMethods),
};
