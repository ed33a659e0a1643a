import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, type OptionFields, optionList, Random, requireNumber } from "../../core";
import { requireFiniteParameters } from "../finite";
import { type Histories, historyCount } from "../../data";
import { type LinearClassifier, type TensorEngine, tensorEngine } from "../../engine";
import { loadModelAs, saveModel, type StoredTensors } from "../model-file";
import type { Parameter } from "../recommender";
import type { Dropout } from "./dropout";
import { type SessionModelKind, type SessionModelOptions, sessionNetworks } from "./networks";
import {
  type LayerTaps,
  type ParameterPlan,
  type SessionInput,
  type SessionNetwork,
  type SessionNetworkOptions,
  type SessionTensors,
  uniformPlan,
} from "./session-network";
import { ItemScores } from "./item-scores";
import { requireKnownItems, type SessionRecommender, type SessionScorer } from "./session-recommender";

/** Of one type for every kind, so that a kind and its options go together. */
const networks: { readonly [K in SessionModelKind]: SessionNetwork<SessionModelOptions[K]> } = sessionNetworks;

/** What makes up a session model beside its parameters. */
export interface SessionModelForm<K extends SessionModelKind = SessionModelKind> {
  readonly kind: K;
  readonly itemCount: number;
  /** Every option. */
  readonly options: SessionModelOptions[K];
}

/**
 * The options of a network.
 *
 * @throws InvalidArgumentError for a kind there is not
 * @example
 * Object.keys(sessionModelFields("gru4rec")); // the options that it has
 */
export function sessionModelFields<K extends SessionModelKind>(
  kind: K,
): SessionNetwork<SessionModelOptions[K]>["fields"] {
  if (Object.hasOwn(networks, kind)) return networks[kind].fields;
  throw new InvalidArgumentError(`there is no session model "${kind}"`, {
    remedy: `use one of ${Object.keys(networks).join(", ")}`,
  });
}

/**
 * Fills in a network's options.
 *
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @example
 * const form = sessionModelForm("sasrec", 100, { embeddingSize: 32 }); // the other options at their defaults
 */
export function sessionModelForm<K extends SessionModelKind>(
  kind: K,
  itemCount: number,
  options?: Partial<SessionModelOptions[K]>,
): SessionModelForm<K> {
  const resolved = optionList(kind, sessionModelFields(kind) as OptionFields).resolve(
    options,
  ) as SessionModelOptions[K];
  requireNumber("itemCount", itemCount, { min: 1, integer: true });
  networks[kind].check(resolved);
  return { kind, itemCount, options: resolved };
}

/** A session model on the tensor engine. */
export interface UploadedSessionModel extends Pick<SessionPass, "form" | "engine" | "tensors"> {
  /** Gives the tensors back. */
  dispose(): void;
}

/**
 * A neural recommender for sessions: GRU4Rec, SASRec or BERT4Rec. Parameters are ordinary typed arrays; forward passes
 * run on the tensor engine.
 */
export class SessionModel implements SessionRecommender {
  private readonly values: ReadonlyMap<string, Float32Array>;

  /**
   * @param values of every parameter, by name; kept, not copied
   * @throws InvalidArgumentError for a parameter that is missing or of another length
   * @throws NumericalError for a value that is NaN or infinite
   */
  constructor(
    readonly form: SessionModelForm,
    values: ReadonlyMap<string, Float32Array>,
  ) {
    this.values = values;
    for (const { name, shape } of plans(form)) {
      const length = shape.reduce((product, side) => product * side, 1);
      if (values.get(name)?.length !== length)
        throw new InvalidArgumentError(`"${name}" has ${values.get(name)?.length ?? "no"} values`, {
          where: form.kind,
          remedy: `its shape is [${shape.join(", ")}]`,
        });
    }
    requireFiniteParameters(
      form.kind,
      Array.from(values, ([name, array]) => ({ name, values: array })),
    );
  }

  /**
   * A model with random parameters; equal seeds give equal bytes.
   *
   * @throws InvalidOptionError for an unknown option, or one out of range
   */
  static initialise<K extends SessionModelKind>(
    kind: K,
    itemCount: number,
    options?: Partial<SessionModelOptions[K]>,
    seed = 1,
  ): SessionModel {
    const form = sessionModelForm(kind, itemCount, options);
    const values = plans(form).map(({ name, shape, initialise }) => {
      const array = new Float32Array(shape.reduce((product, side) => product * side, 1));
      initialise(array, Random.derive(seed, `${kind} initialisation`, name));
      return [name, array] as const;
    });
    return new SessionModel(form, new Map(values));
  }

  get kind(): SessionModelKind {
    return this.form.kind;
  }

  get itemCount(): number {
    return this.form.itemCount;
  }

  parameters(): readonly Parameter[] {
    return plans(this.form).map(({ name, shape }) => ({ name, shape, values: this.values.get(name)! }));
  }

  /** The same model with other values for some parameters; the rest is shared with this one, not copied. */
  withParameters(replaced: ReadonlyMap<string, Float32Array>): SessionModel {
    return new SessionModel(this.form, new Map([...this.values, ...replaced]));
  }

  async scores(histories: Histories): Promise<Float32Array> {
    const scorer = await this.openScorer();
    try {
      return (await scorer.scores(histories)).slice();
    } finally {
      scorer.dispose();
    }
  }

  /** Puts the parameters on the engines, where they stay until it is disposed of. */
  async openScorer(): Promise<SessionScorer> {
    const states = await this.openStates();
    const layer = new ItemScores(this.itemCount, this.form.options.embeddingSize, this.itemRows());
    return {
      scores: async (histories) =>
        historyCount(histories) === 0 ? new Float32Array(0) : layer.of(await states.of(histories)),
      dispose() {
        states.dispose();
        layer.dispose();
      },
    };
  }

  /** The states that the output layer scores items by. @returns `[histories, embeddingSize]` */
  async states(histories: Histories): Promise<Float32Array> {
    const states = await this.openStates();
    try {
      return await states.of(histories);
    } finally {
      states.dispose();
    }
  }

  /** Makes ready for many calls of `states`. */
  async openStates(): Promise<SessionStates> {
    const { engine, tensors, dispose } = await this.upload();
    return {
      of: async (histories, dropout) =>
        historyCount(histories) === 0
          ? new Float32Array(0)
          : valuesOf(engine, () => this.statesOn(engine, tensors, histories, dropout)),
      dispose,
    };
  }

  /** Writes the parameters and options to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    const { itemCount, options } = this.form;
    await saveModel(path, this.kind, this.parameters(), { itemCount, options });
  }

  /**
   * Reads a model that `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is no such model or is damaged
   */
  static async load(path: string, kind: SessionModelKind): Promise<SessionModel> {
    return loadModelAs(path, { kind, fromTensors: (tensors, options) => fromSaved(kind, tensors, options) });
  }

  /**
   * The output layer's rows and biases of items, without those of padding, `[itemCount, embeddingSize]` and
   * `[itemCount]`.
   */
  itemRows(): { readonly weight: Float32Array; readonly bias: Float32Array } {
    const { embeddingSize, paddingClass, tiedOutput } = this.form.options;
    const rows = this.values.get(tiedOutput ? "itemEmbedding" : "outputWeight")!;
    const from = tiedOutput || paddingClass ? embeddingSize : 0;
    const weight = rows.subarray(from, from + this.itemCount * embeddingSize);
    return { weight, bias: this.values.get("outputBias")!.subarray(paddingClass ? 1 : 0) };
  }

  private statesOn(
    engine: TensorEngine,
    tensors: SessionTensors,
    histories: Histories,
    dropout: Dropout | undefined,
  ): Tensor2D {
    requireKnownItems(histories, this.itemCount);
    return sessionStates({ form: this.form, engine, tensors, input: nextInput(this.form, histories), dropout });
  }

  /** Puts the parameters on the tensor engine; dispose of them. */
  async upload(): Promise<UploadedSessionModel> {
    const engine = await tensorEngine();
    const made = this.parameters().map(
      ({ name, shape, values }) => [name, engine.tf.tensor(values, [...shape])] as const,
    );
    const tensors = Object.fromEntries(made);
    return { form: this.form, engine, tensors, dispose: () => engine.tf.dispose(tensors) };
  }
}

/** Computes a tensor and reads it. */
export async function valuesOf({ tf }: TensorEngine, compute: () => Tensor): Promise<Float32Array> {
  const result = tf.tidy(compute);
  try {
    return await result.data<"float32">();
  } finally {
    result.dispose();
  }
}

function fromSaved(kind: SessionModelKind, tensors: StoredTensors, saved: unknown): SessionModel {
  const { itemCount, options } = (saved ?? {}) as { itemCount: number; options: object };
  const values = Array.from(tensors, ([name, tensor]) => [name, tensor.values as Float32Array] as const);
  return new SessionModel(sessionModelForm(kind, itemCount, options), new Map(values));
}

/** A session model's parameters on the tensor engine. Dispose of it. */
export interface SessionStates {
  /**
   * The states that the output layer scores items by, `[histories, embeddingSize]`.
   *
   * @param dropout random zeros, as while training; left out otherwise
   */
  of(histories: Histories, dropout?: Dropout): Promise<Float32Array>;
  dispose(): void;
}

/** A forward pass of some kind of model. */
export interface SessionPass {
  readonly form: SessionModelForm;
  readonly engine: TensorEngine;
  /** Every parameter of the model, by name. */
  readonly tensors: SessionTensors;
  readonly input: SessionInput;
  /** Random zeros while training; left out otherwise. */
  readonly dropout?: Dropout | undefined;
  /** What looks into the layers; left out otherwise. */
  readonly taps?: LayerTaps | undefined;
}

/**
 * The input that asks what comes after some histories.
 *
 * @param chosen numbers of histories, `[rows]`; by default all
 * @example
 * const { tokens, places } = nextInput(gru.form, samples, Int32Array.of(0, 1)); // of the first two samples
 */
export function nextInput(
  { kind, itemCount, options }: SessionModelForm,
  histories: Histories,
  chosen = Int32Array.from({ length: historyCount(histories) }, (_, k) => k),
): SessionInput {
  return networkOf(kind).nextInput(histories, chosen, options, itemCount);
}

/**
 * The states at the wanted places, in differentiable tensor operations, `[places, embeddingSize]`.
 *
 * @example
 * const uploaded = await gru.upload();
 * const states = sessionStates({ ...uploaded, input: nextInput(gru.form, samples) });
 * states.shape; // [samples, embeddingSize]
 * uploaded.dispose();
 */
export function sessionStates({ form, ...pass }: SessionPass): Tensor2D {
  return networkOf(form.kind).states({ ...pass, options: form.options });
}

/**
 * The scores of every class at the wanted places, in differentiable tensor operations, `[places, classCount]`.
 *
 * @example
 * const uploaded = await gru.upload();
 * const logits = sessionLogits({ ...uploaded, input: nextInput(gru.form, samples) });
 * logits.shape; // [samples, classCount]
 * uploaded.dispose();
 */
export function sessionLogits(pass: SessionPass): Tensor2D {
  const { tf } = pass.engine;
  const { weight, bias } = sessionClassifier(pass);
  return tf.add(tf.matMul(sessionStates(pass), weight, false, true), bias);
}

/**
 * The weighted sum of the cross-entropies at the wanted places over the full catalogue, in differentiable tensor
 * operations; faster than through `sessionLogits`.
 *
 * @param items what is to be predicted, `[places]`
 * @param weights `[places]`; by default 1 / places each, which gives the mean
 * @example
 * const uploaded = await gru.upload();
 * const loss = sessionLoss({ ...uploaded, input: nextInput(gru.form, samples) }, samples.target);
 * (await loss.data())[0]; // in nats, the mean over the samples
 * uploaded.dispose();
 */
export function sessionLoss(pass: SessionPass, items: Int32Array, weights?: Float32Array): Scalar {
  const { engine, form } = pass;
  const { tf } = engine;
  const classes = tf.tensor1d(
    items.map((item) => classOfItem(form, item)),
    "int32",
  );
  const rowWeights = weights && tf.tensor1d(weights);
  return engine.linearSoftmaxCrossEntropy(sessionStates(pass), sessionClassifier(pass), classes, rowWeights);
}

/**
 * The class that stands for an item in logits: with padding among the classes, item i is class i + 1.
 *
 * @example
 * classOfItem(gru.form, 7); // the row of the output layer that scores item 7
 */
export function classOfItem({ options }: SessionModelForm, item: number): number {
  return options.paddingClass ? item + 1 : item;
}

function networkOf(kind: SessionModelKind): SessionNetwork {
  return networks[kind] as SessionNetwork<never> as SessionNetwork;
}

/** Every parameter of a model, the output layer's last. */
function plans({ kind, itemCount, options }: SessionModelForm): readonly ParameterPlan[] {
  const { embeddingSize, tiedOutput } = options;
  const classes = itemCount + Number(options.paddingClass);
  return [
    ...networkOf(kind).parameters(options, itemCount),
    ...(tiedOutput ? [] : [uniformPlan("outputWeight", [classes, embeddingSize], embeddingSize)]),
    uniformPlan("outputBias", [classes], embeddingSize),
  ];
}

/**
 * The output layer: the rows that score classes, `[classes, embeddingSize]`, and what is added to each.
 *
 * @example
 * const uploaded = await gru.upload();
 * const { weight } = sessionClassifier(uploaded);
 * const rows = await weight.data(); // row classOfItem(gru.form, 7) is the one that scores item 7
 * uploaded.dispose();
 */
export function sessionClassifier({
  form,
  engine: { tf },
  tensors,
}: Pick<SessionPass, "form" | "engine" | "tensors">): LinearClassifier {
  const { embeddingSize, tiedOutput, paddingClass }: SessionNetworkOptions = form.options;
  const from = paddingClass ? 0 : 1;
  const classes = form.itemCount + 1 - from;
  const weight = tiedOutput
    ? tf.slice(tensors["itemEmbedding"] as Tensor2D, [from, 0], [classes, embeddingSize])
    : (tensors["outputWeight"] as Tensor2D);
  return { weight, bias: tensors["outputBias"] as Tensor1D };
}
