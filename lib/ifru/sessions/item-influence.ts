import { Breather, InvalidArgumentError, optionList, type OptionsOf, Random, Stopwatch, wholeOption } from "../../core";
import {
  eventsWithoutHistory,
  historyCount,
  type PrefixSamples,
  prefixSamples,
  requireForgetRows,
  selectSamples,
  type Sessions,
} from "../../data";
import { createWorkspace, operations } from "../../engine";
import {
  nextInput,
  sessionClassifier,
  type SessionModel,
  type SessionModelForm,
  sessionModelKinds,
} from "../../models";
import {
  applyUpdate,
  notForgottenFacts,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../training";
import { changedSamples } from "../changed-samples";
import type { ConjugateGradientResult } from "../conjugate-gradient";
import { solveWithProgress } from "../solve";
import { type EmbeddingProblem, EmbeddingSystem } from "./embedding-system";
import { outputInfluence, outputInfluenceOptions } from "./output-influence";

const { damping, spillover, tolerance, iterations, seed } = outputInfluenceOptions.fields;

/** The options of `itemInfluence`. */
export const itemInfluenceOptions = optionList("itemInfluence", {
  ...{ damping, spillover },
  curvatureSamples: wholeOption(
    "The most samples that curvature is taken from, drawn of those that stay. Each takes a gradient for every " +
      "dimension of the embeddings, and as many numbers as its history's embeddings times their size.",
    2048,
    1,
  ),
  ...{ tolerance, iterations, seed },
});

/** Options of `itemInfluence`; defaults and ranges are in `itemInfluenceOptions`. */
export interface ItemInfluenceOptions extends OptionsOf<typeof itemInfluenceOptions.fields> {}

/** How one block's system was solved. */
export interface SolvedBlock extends Pick<ConjugateGradientResult, "iterations" | "relativeResidual" | "converged"> {}

export interface ItemInfluenceDiagnostics {
  /** The first block. */
  readonly outputLayer: SolvedBlock;
  /** The second one. */
  readonly embeddings: SolvedBlock;
  /** Items whose embeddings moved. */
  readonly items: number;
  /** Samples whose loss was taken back, and those that came in place of some of them. */
  readonly gone: number;
  readonly come: number;
  /** Samples that curvature was taken from. */
  readonly curvatureSamples: number;
  /** With spillover `none`: row numbers of the events that open their session, ascending. They have no sample. */
  readonly notForgotten: Int32Array;
}

/**
 * IFRU's step on the output layer of a session model and then on its item embeddings, which neither IFRU's paper nor
 * CAU's has (README, "Session models: the item embeddings too"): one sweep of block Gauss-Seidel over the damped
 * Gauss-Newton system. The first block is `outputInfluence` with the same options; the second one goes through the
 * whole network.
 */
export const itemInfluence = {
  name: "item-influence",

  description: {
    code: __filename,
    label: "Influence (output layer, item embeddings)",
    models: sessionModelKinds,
    options: itemInfluenceOptions,
    facts: ({ notForgotten, outputLayer, embeddings, ...counts }) => ({
      ...counts,
      iterations: outputLayer.iterations + embeddings.iterations,
      relativeResidual: Math.max(outputLayer.relativeResidual, embeddings.relativeResidual),
      converged: outputLayer.converged && embeddings.converged,
      ...notForgottenFacts(notForgotten),
    }),
  },

  /**
   * Forgets the events of a request. There is nothing to prepare.
   *
   * @throws InvalidOptionError for an unknown option, or one out of range
   * @throws InvalidArgumentError for a model whose output layer is tied to its item embeddings: its blocks are one
   * @throws NumericalError when a system is not finite
   * @throws CancelledError when it is interrupted
   * @example
   * const { update, diagnostics } = await itemInfluence.unlearn(gru, eventRequest);
   * const forgotten = applyUpdate(gru, update);
   * diagnostics.items; // how many embeddings moved
   */
  async unlearn(
    original: SessionModel,
    request: UnlearningRequest<Sessions>,
    options?: Partial<ItemInfluenceOptions>,
  ): Promise<UnlearningResult<SessionModel, ItemInfluenceDiagnostics>> {
    const resolved = itemInfluenceOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "itemInfluence");
    requireOwnLayer(original);
    const first = await outputInfluence.unlearn(original, request, resolved);
    const outer = applyUpdate(original, first.update);
    const watch = new Stopwatch();
    const samples = watch.time("selection", () => samplesOf(original, train, forgetRows, resolved));
    const { solution, products, ...solved } = await solveEmbeddings(original, outer, samples, resolved, watch);
    const { iterations: outerIterations, relativeResidual, converged } = first.diagnostics;
    const [gone, come] = [historyCount(samples.gone), historyCount(samples.come)];
    return {
      update: { kind: "model", model: watch.time("writeBack", () => moved(outer, samples.items, solution)) },
      cost: {
        seconds: { outputLayer: total(first.cost.seconds), ...watch.seconds() },
        gradientRows: 2 * (gone + come),
        hessianVectorProducts: first.cost.hessianVectorProducts + products,
        incidentRows: samples.left,
        rowsTouched: first.cost.rowsTouched + samples.items.length,
      },
      diagnostics: {
        outputLayer: { iterations: outerIterations, relativeResidual, converged },
        embeddings: solved,
        ...{ items: samples.items.length, gone, come, curvatureSamples: historyCount(samples.staying) },
        notForgotten: eventsWithoutHistory(train, resolved.spillover === "none" ? forgetRows : new Int32Array(0)),
      },
    };
  },
} satisfies UnlearningMethod<
  SessionModel,
  never,
  ItemInfluenceOptions,
  ItemInfluenceDiagnostics,
  SessionModel,
  Sessions
>;

function requireOwnLayer({ form }: SessionModel): void {
  if (form.options.tiedOutput)
    throw new InvalidArgumentError("the output layer's rows are the item embeddings, so that the blocks are one", {
      where: "itemInfluence",
      remedy: "train the model with tiedOutput: false",
    });
}

/** What changes, the items that it reads, and some of what stays: those that `outputInfluence` draws. */
interface RequestSamples extends Pick<EmbeddingProblem, "items" | "staying" | "gone" | "come"> {
  /** How many samples stay. */
  readonly left: number;
}

function samplesOf(
  { form }: SessionModel,
  train: Sessions,
  forgetRows: Int32Array,
  { spillover, curvatureSamples, seed }: ItemInfluenceOptions,
): RequestSamples {
  const { retained, gone, come } = changedSamples(train, forgetRows, form.options.maxLength, spillover);
  const all = prefixSamples(retained);
  const left = historyCount(all);
  const drawn = Random.derive(seed, "output influence").sample(left, Math.min(left, curvatureSamples)).sort();
  return { items: itemsRead(form, [gone, come]), staying: selectSamples(all, drawn), gone, come, left };
}

/** The items in the histories of samples, ascending. */
function itemsRead(form: SessionModelForm, all: readonly PrefixSamples[]): Int32Array {
  const tokens = new Set(all.flatMap((samples) => [...new Set(nextInput(form, samples).tokens)]));
  const items = Array.from(tokens, (token) => token - 1);
  return Int32Array.from(items.filter((item) => item >= 0 && item < form.itemCount)).sort();
}

/** The second block: what the embeddings move by, `[items, width]`. */
async function solveEmbeddings(
  original: SessionModel,
  outer: SessionModel,
  { left, ...samples }: RequestSamples,
  resolved: ItemInfluenceOptions,
  watch: Stopwatch,
): Promise<SolvedBlock & { readonly solution: Float32Array; readonly products: number }> {
  if (samples.items.length === 0)
    return { solution: new Float32Array(0), products: 0, iterations: 0, relativeResidual: 0, converged: true };
  const drawn = historyCount(samples.staying);
  const [factor, ridge] = [drawn === 0 ? 0 : left / drawn, resolved.damping * left];
  const breather = new Breather("estimating an influence");
  const workspace = createWorkspace();
  const [model, after] = [await original.upload(), await outer.upload()];
  try {
    const problem = { ...samples, model, movedLayer: sessionClassifier(after), factor, ridge };
    const system = await watch.timeAsync("gradient", () =>
      EmbeddingSystem.of(problem, operations(), workspace, breather),
    );
    try {
      const { solution, ...solved } = await watch.timeAsync("solve", () =>
        solveWithProgress(system, resolved, breather),
      );
      return { ...solved, solution: solution[0].slice(), products: system.products };
    } finally {
      system.dispose();
    }
  } finally {
    workspace.dispose();
    for (const uploaded of [model, after]) uploaded.dispose();
  }
}

/** @param change `[items, width]` */
function moved(outer: SessionModel, items: Int32Array, change: Float32Array): SessionModel {
  const width = outer.form.options.embeddingSize;
  const table = outer.parameters()[0].values.slice();
  change.forEach((value, k) => (table[(items[Math.floor(k / width)] + 1) * width + (k % width)] += value));
  return outer.withParameters(new Map([["itemEmbedding", table]]));
}

function total(seconds: Readonly<Record<string, number>>): number {
  return Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
}
