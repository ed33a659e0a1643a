import type { Tensor2D } from "@tensorflow/tfjs-core";
import { Breather, InvalidArgumentError, optionList, type OptionsOf, Random, wholeOption } from "../../core";
import { historyCount, type PrefixSamples, prefixSamples, type Sessions } from "../../data";
import { createWorkspace, type LinearClassifier, operations } from "../../engine";
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
 * const why = await explainNext(gru, { train: sessions, history: Int32Array.of(4, 8), item: 15 });
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

/** What the model is, on the engine, and the part of it that may move. */
interface OutputLayer extends Pick<UploadedSessionModel, "form" | "engine"> {
  readonly layer: LinearClassifier;
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
  const [width, count] = [state.length, historyCount(samples)];
  const output = { form, engine, layer: sessionClassifier({ form, engine, tensors }) };
  const curvatureStates = drawnStates(states, width, options);
  const breather = new Breather("explaining a score");
  const workspace = createWorkspace();
  try {
    const none = { states: new Float32Array(0), labels: new Int32Array(0) };
    const factor = (count * width) / Math.max(1, curvatureStates.length);
    const problem = { layer: output.layer, curvatureStates, factor, gone: none, come: none };
    const ridge = options.damping * count;
    const system = new OutputLayerSystem({ ...problem, ridge }, engine, operations(), workspace);
    try {
      const target = system.rightHandSide[0].fill(0);
      target.set([...state, 1], classOfItem(form, item) * (width + 1));
      const { solution, relativeResidual } = await solveWithProgress(system, options, breather);
      const changes = await productsWith(solution[0], output, samples, states, breather);
      return { score: scoreOf(output, state, item), changes, relativeResidual };
    } finally {
      system.dispose();
    }
  } finally {
    workspace.dispose();
  }
}

/** The states that curvature is taken from, as many as the options allow. */
function drawnStates(states: Float32Array, width: number, options: ExplainNextOptions): Float32Array {
  const count = states.length / width;
  const most = Math.min(count, options.curvatureSamples);
  const drawn = Random.derive(options.seed, "output influence").sample(count, most).sort();
  const gathered = new Float32Array(drawn.length * width);
  drawn.forEach((sample, k) => gathered.set(states.subarray(sample * width, (sample + 1) * width), k * width));
  return gathered;
}

/** Each sample's gradient (p - e) h' times what was solved for, `[classes, width + 1]`, biases last. */
async function productsWith(
  solved: Float32Array,
  { form, engine: { tf }, layer }: OutputLayer,
  samples: PrefixSamples,
  states: Float32Array,
  breather: Breather,
): Promise<Float64Array> {
  const classes = layer.weight.shape[0];
  const width = solved.length / classes - 1;
  const changes = new Float64Array(historyCount(samples));
  for (let first = 0; first < changes.length; first += 256) {
    const labels = samples.target.subarray(first, first + 256).map((next) => classOfItem(form, next));
    const part = tf.tidy(() => {
      const h = tf.tensor2d(states.subarray(first * width, (first + labels.length) * width), [labels.length, width]);
      const [along, bias] = tf.split(tf.tensor2d(solved, [classes, width + 1]), [width, 1], 1);
      const moved = tf.add(tf.matMul(h, along, false, true), tf.reshape(bias, [1, -1]));
      const p = tf.softmax(tf.add(tf.matMul(h, layer.weight, false, true), layer.bias) as Tensor2D);
      const own = tf.mul(tf.oneHot(tf.tensor1d(labels, "int32"), classes), moved);
      return tf.sub(tf.sum(tf.mul(p, moved), 1), tf.sum(own, 1)).dataSync();
    });
    changes.set(part, first);
    await breather.breathe();
  }
  return changes;
}

function scoreOf({ form, engine: { tf }, layer }: OutputLayer, state: Float32Array, item: number): number {
  return tf.tidy(() => {
    const logits = tf.matMul(tf.tensor2d(state, [1, state.length]), layer.weight, false, true);
    return tf.add(logits, layer.bias).dataSync()[classOfItem(form, item)];
  });
}

/** The row numbers of the events that have a history, in the order of `prefixSamples`. */
function rowsOf({ offsets, row }: Sessions): Int32Array {
  const rows: number[] = [];
  for (let session = 0; session + 1 < offsets.length; session++)
    rows.push(...row.subarray(offsets[session] + 1, offsets[session + 1]));
  return Int32Array.from(rows);
}
