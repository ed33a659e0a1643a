import type { Tensor2D } from "@tensorflow/tfjs-core";
import { Breather, InvalidArgumentError, optionList, type OptionsOf, Random, wholeOption } from "../../core";
import { historyCount, type PrefixSamples, prefixSamples, type Sessions } from "../../data";
import { createWorkspace, operations } from "../../engine";
import { classOfItem, sessionClassifier, type SessionModel, type UploadedSessionModel } from "../../models";
import { outputInfluenceOptions } from "../sessions/output-influence";
import { OutputLayerSystem } from "../sessions/output-layer-system";
import { solveWithProgress } from "../solve";
import { requireKnown } from "./explanation";

const { damping, curvatureSamples, tolerance, iterations, seed } = outputInfluenceOptions.fields;

/** The options of `explainNext`. */
export const explainNextOptions = optionList("explainNext", {
  top: wholeOption("The most events that are listed for the score, and against it.", 10, 0),
  ...{ damping, curvatureSamples, tolerance, iterations, seed },
});

/** Options of `explainNext`; defaults and ranges are in `explainNextOptions`. */
export interface ExplainNextOptions extends OptionsOf<typeof explainNextOptions.fields> {}

/** The score of an item as the next one after a history. */
export interface NextScoreOf {
  /** The sessions the model was trained on. */
  readonly train: Sessions;
  /** Dense items, the latest last; at least one. */
  readonly history: Int32Array;
  readonly item: number;
}

/** A training event, and what forgetting that it came next would do to a score. */
export interface ExplainingEvent {
  /** As `Sessions.row` names it. */
  readonly row: number;
  readonly item: number;
  /** The score (a logit) without it, less the score now. */
  readonly change: number;
}

/** Why an item is expected next. */
export interface NextExplanation {
  readonly item: number;
  /** The logit now. */
  readonly score: number;
  /** Events without which the score would be lower, the strongest first. */
  readonly supporting: readonly ExplainingEvent[];
  /** Events without which it would be higher, the strongest first. */
  readonly opposing: readonly ExplainingEvent[];
  /** All events that have a history, and the change of each, `[events]`. Changes add up. */
  readonly rows: Int32Array;
  readonly changes: Float64Array;
  readonly relativeResidual: number;
}

/**
 * Why does a session model expect an item next? The training events whose own prediction speaks most for it and against
 * it, on the output layer alone, to first order (`README.md`, equation 20): states stay as they are, as with
 * `outputInfluence` and `spillover: "none"`. One solve, then a pass over all events.
 *
 * @throws NotFoundError for an item that the model does not know, in the history too
 * @throws InvalidArgumentError for an empty history, or a model whose output layer is tied to its item embeddings
 * @throws InvalidOptionError for unknown options
 * @throws NumericalError when the system is not positive definite: use a larger damping
 * @throws CancelledError when the current signal is aborted
 * @example
 * const why = await explainNext(model, { train, history: Int32Array.of(4, 8), item: 15 });
 * why.supporting[0].row; // the event that taught most of it
 */
export async function explainNext(
  model: SessionModel,
  of: NextScoreOf,
  options?: Partial<ExplainNextOptions>,
): Promise<NextExplanation> {
  const resolved = explainNextOptions.resolve(options);
  requireExplainable(model, of);
  const { train, history, item } = of;
  const samples = prefixSamples(train);
  const states = await model.states(samples);
  const state = await model.states({ item: history, start: Int32Array.of(0), end: Int32Array.of(history.length) });
  const uploaded = await model.upload();
  try {
    const { score, changes, relativeResidual } = await onOutputLayer(uploaded, samples, states, state, item, resolved);
    const rows = rowsOf(train);
    const listed = (sign: 1 | -1) => {
      const places = Array.from(rows.keys()).filter((k) => sign * changes[k] > 0);
      places.sort((a, b) => sign * (changes[b] - changes[a]) || rows[a] - rows[b]);
      const top = places.slice(0, resolved.top);
      return top.map((k) => ({ row: rows[k], item: samples.target[k], change: changes[k] }));
    };
    return { item, score, supporting: listed(-1), opposing: listed(1), rows, changes, relativeResidual };
  } finally {
    uploaded.dispose();
  }
}

function requireExplainable({ form, itemCount }: SessionModel, { history, item }: NextScoreOf): void {
  if (form.options.tiedOutput)
    throw new InvalidArgumentError("the output layer's rows are the item embeddings, so that states move with them", {
      where: "explainNext",
      remedy: "train the model with tiedOutput: false",
    });
  if (history.length === 0)
    throw new InvalidArgumentError("the history is empty", { where: "explainNext", remedy: "give at least one item" });
  for (const known of [...history, item]) requireKnown("explainNext", "item", known, itemCount);
}

/** Solves for the score's gradient, and takes the solution's product with each sample's own gradient. */
async function onOutputLayer(
  { form, engine, tensors }: UploadedSessionModel,
  samples: PrefixSamples,
  states: Float32Array,
  state: Float32Array,
  item: number,
  options: ExplainNextOptions,
) {
  const { tf } = engine;
  const [width, count] = [state.length, historyCount(samples)];
  const layer = sessionClassifier({ form, engine, tensors });
  const drawn = Random.derive(options.seed, "output influence").sample(
    count,
    Math.min(count, options.curvatureSamples),
  );
  const curvatureStates = new Float32Array(drawn.length * width);
  drawn
    .sort()
    .forEach((sample, k) => curvatureStates.set(states.subarray(sample * width, (sample + 1) * width), k * width));
  const none = { states: new Float32Array(0), labels: new Int32Array(0) };
  const workspace = createWorkspace();
  const problem = { layer, curvatureStates, factor: count / Math.max(1, drawn.length), gone: none, come: none };
  const system = new OutputLayerSystem({ ...problem, ridge: options.damping * count }, engine, operations(), workspace);
  try {
    const wanted = classOfItem(form, item);
    const target = system.rightHandSide[0].fill(0);
    target.set([...state, 1], wanted * (width + 1));
    const breather = new Breather("explaining a score");
    const { solution, relativeResidual } = await solveWithProgress(system, options, breather);
    const changes = new Float64Array(count);
    for (let first = 0; first < count; first += 256) {
      const some = states.subarray(first * width, (first + 256) * width);
      const labels = samples.target.subarray(first, first + 256).map((next) => classOfItem(form, next));
      const part = tf.tidy(() => {
        const h: Tensor2D = tf.tensor2d(some, [labels.length, width]);
        const columns = tf.tensor2d(solution[0], [layer.weight.shape[0], width + 1]);
        const [along, bias] = tf.split(columns, [width, 1], 1);
        const moved = tf.add(tf.matMul(h, along, false, true), tf.reshape(bias, [1, -1]));
        const p = tf.softmax(tf.add(tf.matMul(h, layer.weight, false, true), layer.bias) as Tensor2D);
        const own = tf.mul(tf.oneHot(tf.tensor1d(labels, "int32"), layer.weight.shape[0]), moved);
        return tf.sub(tf.sum(tf.mul(p, moved), 1), tf.sum(own, 1)).dataSync();
      });
      changes.set(part, first);
      await breather.breathe();
    }
    const score = tf.tidy(() => {
      const logits = tf.matMul(tf.tensor2d(state, [1, width]), layer.weight, false, true);
      return tf.add(logits, layer.bias).dataSync()[wanted];
    });
    return { score, changes, relativeResidual };
  } finally {
    system.dispose();
    workspace.dispose();
  }
}

/** The row numbers of the events that have a history, in the order of `prefixSamples`. */
function rowsOf({ offsets, row }: Sessions): Int32Array {
  const rows: number[] = [];
  for (let session = 0; session + 1 < offsets.length; session++)
    rows.push(...row.subarray(offsets[session] + 1, offsets[session + 1]));
  return Int32Array.from(rows);
}
