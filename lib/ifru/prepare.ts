import { nowMs } from "../core";
import { indexInteractions, type InteractionIndex, type Interactions } from "../data";
import type { Mf, ReplaceableParameters } from "../models";
import { applyUpdate, PreparedOrigin, type UnlearningRequest, type UnlearningResult } from "../training";
import { calibrateDamping, type DampingCalibration, type Trained, type Unlearn } from "./damping";
import { type PrincipalAxes, principalAxes } from "./principal-axes";
import { requireCalibrated, requireRetrain, type Retrain } from "./probe";

/** A model and its training rows as influence systems want them. */
export interface IndexedModel {
  /** The training rows by user and by item. */
  readonly index: InteractionIndex;
  /** Of the scored embeddings, for the preconditioner. */
  readonly axes: PrincipalAxes;
}

/**
 * Indexes the training rows and finds the principal axes.
 *
 * @param scored the embeddings whose dot products are the scores
 * @example
 * const { index } = indexModel(model, train);
 * index.userRows.subarray(index.userPointers[3], index.userPointers[4]); // the training rows of user 3
 */
export function indexModel(scored: Mf, train: Interactions): IndexedModel {
  const index = indexInteractions(train);
  return { index, axes: principalAxes(scored, index) };
}

/** What is paid once per trained model. */
export interface IfruPrepared extends IndexedModel {
  /** The model and the rows it was made of. */
  readonly origin: PreparedOrigin;
  /** Lambda, as chosen on training rows or as given; `null` in paper mode. */
  readonly damping: number | null;
  /** How lambda was chosen; `null` when it was given or is not needed. */
  readonly calibration: DampingCalibration | null;
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** What both methods' options say about lambda. */
interface DampingOptions {
  readonly mode: "principled" | "paper";
  readonly damping: number | "calibrated" | "calibrated-flipped";
  readonly seed: number;
}

const dampingOption = { method: "ifru", option: "damping", example: "3e-5" } as const;

/**
 * Indexes the model and chooses lambda on the training rows.
 *
 * @param scored the embeddings whose dot products are the original's scores
 * @param unlearn has a model forget a probe, with such a preparation
 * @throws InvalidOptionError when lambda is to be chosen and `retrain` is missing
 */
export async function prepareInfluence<M extends ReplaceableParameters<M>>(
  original: M,
  scored: Mf,
  train: Interactions,
  options: DampingOptions,
  retrain: Retrain<M> | undefined,
  unlearn: (model: M, request: UnlearningRequest, prepared: IfruPrepared) => Promise<UnlearningResult<M, unknown>>,
): Promise<IfruPrepared> {
  const start = nowMs();
  const indexed = indexModel(scored, train);
  const indexing = (nowMs() - start) / 1000;
  const origin = new PreparedOrigin(train, original);
  const ready = { ...indexed, origin, calibration: null, seconds: { indexing } };
  if (options.mode === "paper") return { ...ready, damping: null };
  if (typeof options.damping === "number") return { ...ready, damping: options.damping };
  const training = requireRetrain(retrain, { ...dampingOption, word: options.damping });
  const flips = options.damping === "calibrated-flipped";
  const unlearnFrom = (of: Trained<M>): Unlearn<M> => {
    // index and axes serve a model of other labels: neither changes the solution
    const own = of.model === original ? ready : { ...ready, origin: new PreparedOrigin(of.train, of.model) };
    return async (forgetRows, damping) => {
      const { update } = await unlearn(of.model, { name: "probe", train: of.train, forgetRows }, { ...own, damping });
      return applyUpdate(of.model, update);
    };
  };
  const calibration = await calibrateDamping({ model: original, train }, options.seed, flips, training, unlearnFrom);
  return { ...ready, damping: calibration.damping, calibration, seconds: { indexing, ...calibration.seconds } };
}

/**
 * Lambda of a request: given, or as prepared; `null` in paper mode.
 *
 * @throws InvalidOptionError when it is needed and neither is there
 */
export function dampingOf(options: DampingOptions, prepared: IfruPrepared | undefined): number | null {
  if (options.mode === "paper") return null;
  if (typeof options.damping === "number") return options.damping;
  return requireCalibrated(prepared?.damping, { ...dampingOption, word: options.damping });
}
