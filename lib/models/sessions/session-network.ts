import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { flagOption, numberOption, type Option, type OptionsOf, type Random, wholeOption } from "../../core";
import type { Histories } from "../../data";
import type { TensorEngine } from "../../engine";
import type { Dropout } from "./dropout";

/** What every network is asked. */
export const sharedFields = {
  embeddingSize: wholeOption("Of items and states.", 64, 1),
  maxLength: numberOption("How many of the last items are read.", 10, { min: 1, max: 1024, integer: true }),
  initialDeviation: numberOption(
    "Standard deviation of the initial item and position embeddings; PyTorch's own, which SRU's release keeps, is 1.",
    0.05,
    { min: 0 },
  ),
  paddingClass: flagOption(
    "Whether padding is one of the classes the output layer chooses among, as in SRU's release. It is never a target and " +
      "never recommended; false is the correction.",
    true,
  ),
  tiedOutput: flagOption(
    "Whether the output layer's rows are the item embeddings; in SRU's release they are not.",
    false,
  ),
};

/** What every network has. */
export interface SessionNetworkOptions extends OptionsOf<typeof sharedFields> {}

/** One parameter of a network that is to be made. */
export interface ParameterPlan {
  readonly name: string;
  readonly shape: readonly number[];
  /** Fills the values a model starts from; they come as zeros. */
  readonly initialise: (values: Float32Array, random: Random) => void;
}

/** Parameters as tensors, by name. */
export type SessionTensors = Readonly<Record<string, Tensor>>;

/**
 * What a network reads: rows of tokens, 0 for padding on the left, item i as i + 1 and, for BERT4Rec, `itemCount + 1`
 * for a masked place; and the places whose states are wanted.
 */
export interface SessionInput {
  /** `[rows, maxLength]` */
  readonly tokens: Int32Array;
  /** Ascending places among the tokens, row x maxLength + place in the row, `[states]`. */
  readonly places: Int32Array;
}

/**
 * Sees what goes through the layers of a pass, so that gradients can be told apart by sample: the gradient by a layer's
 * parameters is made of what it reads and of the loss's gradient by what it gives. Rows are sample by sample (`rows`)
 * or time step by time step (`steps`).
 */
export interface LayerTaps {
  /** A layer y = x W + b. @returns y, to be used in its place */
  linear(name: string, x: Tensor2D, y: Tensor2D, order?: "rows" | "steps"): Tensor2D;
  /** A layer y = x gain + bias, gain by element. @returns y, to be used in its place */
  scale(name: string, x: Tensor2D, y: Tensor2D): Tensor2D;
}

/** One forward pass. */
export interface NetworkPass<O> {
  readonly engine: TensorEngine;
  readonly tensors: SessionTensors;
  readonly input: SessionInput;
  readonly options: O;
  /** Random zeros while training; left out otherwise. */
  readonly dropout?: Dropout | undefined;
  readonly taps?: LayerTaps | undefined;
}

/** Declarations of some options. */
type FieldsOf<O> = { readonly [K in keyof O]: Option<O[K]> };

/** What makes one network: everything below its output layer. */
export interface SessionNetwork<O extends SessionNetworkOptions = SessionNetworkOptions> {
  /** Its name in code and files, such as `"gru4rec"`: its key in `networks.ts`. */
  readonly kind: string;
  /** As papers write it, such as `"GRU4Rec"`. */
  readonly label: string;
  /** What training asks for: the `next` item after a place, or the items at `masked` places. */
  readonly learns: "next" | "masked";
  /** Its options; the defaults are the form of section 5.3 of SRU's release, `lib/models/sessions/README.md`. */
  readonly fields: FieldsOf<O>;
  /** @throws InvalidOptionError for options that do not fit together */
  check(options: O): void;
  /** All parameters but the output layer's, the table `itemEmbedding` of `[tokens, embeddingSize]` first. */
  parameters(options: O, itemCount: number): readonly ParameterPlan[];
  /** The input that asks what comes after some histories. @param chosen numbers of histories, `[rows]` */
  nextInput(histories: Histories, chosen: Int32Array, options: O, itemCount: number): SessionInput;
  /** The states at the wanted places, `[states, embeddingSize]`. */
  states(pass: NetworkPass<O>): Tensor2D;
}

/** Normal values; the row of the padding token stays 0. */
export function embeddingPlan(
  name: string,
  rows: number,
  width: number,
  deviation: number,
  padded: boolean,
): ParameterPlan {
  const initialise = (values: Float32Array, random: Random) =>
    void random.fillNormal(padded ? values.subarray(width) : values, deviation);
  return { name, shape: [rows, width], initialise };
}

/** Uniform values in ± 1 / sqrt(inputs), PyTorch's start for linear layers and recurrent units. */
export function uniformPlan(name: string, shape: readonly number[], inputs: number): ParameterPlan {
  const bound = 1 / Math.sqrt(inputs);
  const initialise = (values: Float32Array, random: Random) => {
    for (let k = 0; k < values.length; k++) values[k] = bound * (2 * random.uniform() - 1);
  };
  return { name, shape, initialise };
}

/** A gain of ones and a bias of zeros. */
export function normPlans(name: string, width: number): ParameterPlan[] {
  return [
    { name: `${name}Gain`, shape: [width], initialise: (values) => void values.fill(1) },
    { name: `${name}Bias`, shape: [width], initialise: () => {} },
  ];
}

/** A linear layer, `[inputs, outputs]` and `[outputs]`. */
export function linearPlans(name: string, inputs: number, outputs: number): ParameterPlan[] {
  return [uniformPlan(`${name}Weight`, [inputs, outputs], inputs), uniformPlan(`${name}Bias`, [outputs], inputs)];
}
