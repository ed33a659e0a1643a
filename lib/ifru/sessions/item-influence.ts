import { Breather, numberOrWordOption, optionList, type OptionsOf, Stopwatch, wholeOption } from "../../core";
import { eventsWithoutHistory, historyCount, type PrefixSamples, requireForgetRows, type Sessions } from "../../data";
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
import type { ConjugateGradientResult } from "../conjugate-gradient";
import { solveWithProgress } from "../solve";
import { type EmbeddingDamping, solveWithChosenDamping } from "./chosen-damping";
import { EmbeddingSystem } from "./embedding-system";
import { outputInfluence, outputInfluenceOptions } from "./output-influence";
import { type RequestSamples, requestSamples, requireOwnLayer } from "./request-samples";
import { addStep, type EmbeddingStep } from "./step-terms";

const { damping, spillover, tolerance, iterations, seed } = outputInfluenceOptions.fields;

/** The options of `itemInfluence`. */
export const itemInfluenceOptions = optionList("itemInfluence", {
  damping,
  embeddingDamping: numberOrWordOption(
    "Lambda of the step on item embeddings, relative to the mean loss. `chosen`: `damping` times 1, 10, 100 or 1000, " +
      "and how much of the step is taken, by samples that stay and that the step's matrix has not seen.",
    ["chosen"],
    "chosen",
    { above: 0 },
  ),
  spillover,
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
  /** How it was damped: as told or as chosen. */
  readonly embeddingDamping: EmbeddingDamping;
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
    facts: ({ notForgotten, outputLayer, embeddings, embeddingDamping, ...counts }) => ({
      ...counts,
      embeddingDamping: embeddingDamping.damping,
      embeddingStepLength: embeddingDamping.length,
      largestEmbeddingDamping: embeddingDamping.largest,
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
    const { embeddingDamping: asked, ...resolved } = itemInfluenceOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "itemInfluence");
    requireOwnLayer(original, "itemInfluence", "the blocks are one");
    const first = await outputInfluence.unlearn(original, request, resolved);
    const outer = applyUpdate(original, first.update);
    const watch = new Stopwatch();
    const samples = watch.time("selection", () => requestSamples(original.form, train, forgetRows, resolved));
    const items = itemsRead(original.form, [samples.gone, samples.come]);
    const { change, products, embeddingDamping, ...solved } = await solveEmbeddings(
      { original, outer, items, samples },
      { ...resolved, embeddingDamping: asked },
      watch,
    );
    const { iterations: outerIterations, relativeResidual, converged } = first.diagnostics;
    const [gone, come] = [historyCount(samples.gone), historyCount(samples.come)];
    return {
      update: { kind: "model", model: watch.time("writeBack", () => moved(outer, { items, change })) },
      cost: {
        seconds: { outputLayer: total(first.cost.seconds), ...watch.seconds() },
        gradientRows: 2 * (gone + come),
        hessianVectorProducts: first.cost.hessianVectorProducts + products,
        incidentRows: samples.left,
        rowsTouched: first.cost.rowsTouched + items.length,
      },
      diagnostics: {
        outputLayer: { iterations: outerIterations, relativeResidual, converged },
        ...{ embeddings: solved, embeddingDamping },
        ...{ items: items.length, gone, come, curvatureSamples: historyCount(samples.kept) },
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

/** The items in the histories of samples, ascending. */
function itemsRead(form: SessionModelForm, all: readonly PrefixSamples[]): Int32Array {
  const tokens = new Set(all.flatMap((samples) => [...new Set(nextInput(form, samples).tokens)]));
  const items = Array.from(tokens, (token) => token - 1);
  return Int32Array.from(items.filter((item) => item >= 0 && item < form.itemCount)).sort();
}

/** The model before and after its output layer's step, and what the second block is about. */
interface SecondBlock {
  readonly original: SessionModel;
  readonly outer: SessionModel;
  readonly items: Int32Array;
  readonly samples: RequestSamples;
}

/** What the embeddings move by, `[items, width]`, and how that was found. */
interface EmbeddingsSolved extends SolvedBlock {
  readonly change: Float32Array;
  readonly embeddingDamping: EmbeddingDamping;
  readonly products: number;
}

async function solveEmbeddings(
  { original, outer, items, samples }: SecondBlock,
  { damping, embeddingDamping, ...limits }: ItemInfluenceOptions,
  watch: Stopwatch,
): Promise<EmbeddingsSolved> {
  const told = { damping: embeddingDamping === "chosen" ? damping : embeddingDamping, length: 1, largest: false };
  if (items.length === 0) return { ...nothing, embeddingDamping: told };
  const { kept, left, gone, come } = samples;
  const drawn = historyCount(kept);
  const [factor, ridge] = [drawn === 0 ? 0 : left / drawn, told.damping * left];
  const breather = new Breather("estimating an influence");
  const workspace = createWorkspace();
  const [model, after] = [await original.upload(), await outer.upload()];
  try {
    const movedLayer = sessionClassifier(after);
    const problem = { ...{ items, gone, come, model, movedLayer, factor, ridge }, staying: kept };
    const system = await watch.timeAsync("gradient", () =>
      EmbeddingSystem.of(problem, operations(), workspace, breather),
    );
    try {
      const { solution, chosen, ...solved } = await watch.timeAsync("solve", () =>
        embeddingDamping === "chosen" && left > drawn
          ? solveWithChosenDamping(system, problem, samples, { damping, ...limits }, breather)
          : solveWithProgress(system, limits, breather).then((found) => ({ ...found, chosen: told })),
      );
      const change = solution[0].map((value) => chosen.length * value);
      return { ...solved, change, embeddingDamping: chosen, products: system.products };
    } finally {
      system.dispose();
    }
  } finally {
    workspace.dispose();
    for (const uploaded of [model, after]) uploaded.dispose();
  }
}

const nothing = { change: new Float32Array(0), products: 0, iterations: 0, relativeResidual: 0, converged: true };

function moved(outer: SessionModel, step: EmbeddingStep): SessionModel {
  const table = addStep(outer.parameters()[0].values.slice(), step, outer.form.options.embeddingSize);
  return outer.withParameters(new Map([["itemEmbedding", table]]));
}

function total(seconds: Readonly<Record<string, number>>): number {
  return Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
}
