import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { type FusedFunction, runFused } from "./fused";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/** The parameters of a gated recurrent unit, gates in the order reset, update, candidate. */
export interface GruWeights {
  /** W_i, `[inputs, 3 width]` */
  readonly input: Tensor2D;
  /** b_i, `[3 width]` */
  readonly inputBias: Tensor1D;
  /** W_h, `[width, 3 width]` */
  readonly state: Tensor2D;
  /** b_h, `[3 width]` */
  readonly stateBias: Tensor1D;
}

/**
 * Sees the sums of the gates before they are used: of inputs once, of states step by step.
 *
 * @returns `sums`, or what stands for it
 */
export type GruWatch = (part: "input" | "state", read: Tensor2D, sums: Tensor2D) => Tensor2D;

/**
 * A gated recurrent unit over a batch of sequences, from a state of zeros: r = sigmoid(i_r + s_r), z = sigmoid(i_z +
 * s_z), n = tanh(i_n + r s_n), h' = (1 - z) n + z h, with i = x W_i + b_i and s = h W_h + b_h (as in PyTorch).
 *
 * @param x time-major: row t batch + b is step t of sequence b, `[length x batch, inputs]`
 * @param batch the number of sequences
 * @param watch sees the sums i and s; the unit then goes through tensor operations alone
 * @returns the state after every step, in the same order, `[length x batch, width]`
 */
export function gru(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  x: Tensor2D,
  weights: GruWeights,
  batch: number,
  watch?: GruWatch,
): Tensor2D {
  const width = weights.state.shape[0];
  const length = x.shape[0] / batch;
  const inputs: readonly Tensor[] = [x, weights.input, weights.inputBias, weights.state, weights.stateBias];
  if (watch !== undefined)
    return tf.tidy(() => composed(tf, inputs as readonly Tensor2D[], batch, length, width, watch));
  const fused: FusedFunction<Tensor2D> = {
    composed: (inputs) => composed(tf, inputs as readonly Tensor2D[], batch, length, width),
    forward: (room, inputs) => forward(room, inputs, batch, length, width),
    backward: (room, dy, inputs, saved) => backward(room, dy, inputs, saved, batch, length, width),
    native: nativeGru(tf, batch, length),
  };
  return runFused(tf, memory, fused, inputs);
}

function composed(
  tf: TensorLibrary,
  inputs: readonly Tensor2D[],
  batch: number,
  length: number,
  width: number,
  watch: GruWatch = (_part, _read, sums) => sums,
): Tensor2D {
  const [x, inputWeights, inputBias, stateWeights, stateBias] = inputs;
  const fromInput = watch("input", x, tf.add(tf.matMul(x, inputWeights), inputBias));
  let h = tf.zeros([batch, width]) as Tensor2D;
  const states: Tensor2D[] = [];
  for (let t = 0; t < length; t++) {
    const s = watch("state", h, tf.add(tf.matMul(h, stateWeights), stateBias));
    const i = tf.slice(fromInput, [t * batch, 0], [batch, 3 * width]);
    const gate = (of: Tensor, n: number) => tf.slice(of as Tensor2D, [0, n * width], [batch, width]);
    const r = tf.sigmoid(tf.add(gate(i, 0), gate(s, 0)));
    const z = tf.sigmoid(tf.add(gate(i, 1), gate(s, 1)));
    const n = tf.tanh(tf.add(gate(i, 2), tf.mul(r, gate(s, 2))));
    h = tf.add(n, tf.mul(z, tf.sub(h, n)));
    states.push(h);
  }
  return tf.concat(states, 0);
}

/**
 * The native form: as few tensor operations a step as can be, and in the backward pass all matrices but one after the
 * loop.
 */
function nativeGru(tf: TensorLibrary, batch: number, length: number): NonNullable<FusedFunction<Tensor2D>["native"]> {
  const perStep = (x: Tensor) => tf.split(x as Tensor2D, length);
  const slope = (gate: Tensor) => tf.mul(gate, tf.sub(1, gate)); // of a sigmoid, by its value
  return {
    forward([x, inputWeights, inputBias, stateWeights, stateBias]) {
      const width = stateWeights.shape[0];
      const fromInput = perStep(tf.add(tf.matMul(x as Tensor2D, inputWeights as Tensor2D), inputBias));
      const states = [tf.zeros([batch, width]) as Tensor2D];
      const [gates, candidates, fromState]: Tensor2D[][] = [[], [], []];
      for (let t = 0; t < length; t++) {
        const before = states[t];
        const s = tf.add(tf.matMul(before, stateWeights as Tensor2D), stateBias) as Tensor2D;
        const [inputGates, inputCandidate] = tf.split(fromInput[t], [2 * width, width], 1);
        const [stateGates, stateCandidate] = tf.split(s, [2 * width, width], 1);
        const both = tf.sigmoid(tf.add(inputGates, stateGates)) as Tensor2D;
        const [r, z] = tf.split(both, 2, 1);
        const n = tf.tanh(tf.add(inputCandidate, tf.mul(r, stateCandidate))) as Tensor2D;
        states.push(tf.add(n, tf.mul(z, tf.sub(before, n))) as Tensor2D);
        gates.push(both);
        candidates.push(n);
        fromState.push(stateCandidate as Tensor2D);
      }
      const value = tf.concat(states.slice(1), 0);
      return {
        value,
        saved: [tf.concat(states.slice(0, -1), 0), ...[gates, candidates, fromState].map((of) => tf.concat(of, 0))],
      };
    },
    backward(dy, [x, inputWeights, , stateWeights], _constants, saved) {
      const width = stateWeights.shape[0] as number;
      const [before, gates, candidates, fromState] = saved as Tensor2D[];
      const [r, z] = tf.split(gates, 2, 1);
      // what each step's gradient is multiplied by depends on no other step
      const toCandidate = perStep(tf.mul(tf.sub(1, z), tf.sub(1, tf.square(candidates))));
      const toUpdate = perStep(tf.mul(tf.sub(before, candidates), slope(z)));
      const toReset = perStep(tf.mul(fromState, slope(r)));
      const [resets, updates, dStates] = [perStep(r), perStep(z), perStep(dy)];
      const [byInput, byState]: Tensor2D[][] = [[], []];
      let dState = tf.zeros([batch, width]) as Tensor2D;
      for (let t = length - 1; t >= 0; t--) {
        dState = tf.add(dState, dStates[t]);
        const candidate = tf.mul(dState, toCandidate[t]) as Tensor2D;
        const both = [tf.mul(candidate, toReset[t]), tf.mul(dState, toUpdate[t])] as Tensor2D[];
        byInput[t] = tf.concat([...both, candidate], 1);
        byState[t] = tf.concat([...both, tf.mul(candidate, resets[t]) as Tensor2D], 1);
        if (t > 0)
          dState = tf.add(tf.mul(dState, updates[t]), tf.matMul(byState[t], stateWeights as Tensor2D, false, true));
      }
      const [dFromInput, dFromState] = [tf.concat(byInput, 0), tf.concat(byState, 0)];
      return [
        tf.matMul(dFromInput, inputWeights as Tensor2D, false, true),
        tf.matMul(x as Tensor2D, dFromInput, true),
        tf.sum(dFromInput, 0),
        tf.matMul(before, dFromState, true),
        tf.sum(dFromState, 0),
      ];
    },
  };
}

/** The rows of step t. */
function stepRows(values: Float32Array, t: number, length: number): Float32Array {
  const size = values.length / length;
  return values.subarray(t * size, (t + 1) * size);
}

function forward(room: TensorMemory, inputs: readonly Tensor[], batch: number, length: number, width: number) {
  const { operations, make, floats } = room;
  const rows = length * batch;
  const [made, madeFromInput, madeFromState, madeGates, zeros] = [
    ...[make([rows, width]), make([rows, 3 * width]), make([rows, 3 * width]), make([rows, 3 * width])],
    make([batch, width]),
  ];
  const [x, inputWeights, inputBias, stateWeights, stateBias] = inputs.map(floats);
  const [states, fromInput, fromState, gates] = [made, madeFromInput, madeFromState, madeGates].map(floats);
  const columns = 3 * width;
  operations.matMul({ a: x, b: inputWeights, out: fromInput, rows, inner: inputs[0].shape[1] as number, columns });
  operations.addToRows(fromInput, inputBias);
  let state = floats(zeros).fill(0);
  for (let t = 0; t < length; t++) {
    const s = stepRows(fromState, t, length);
    operations.matMul({ a: state, b: stateWeights, out: s, rows: batch, inner: width, columns });
    operations.addToRows(s, stateBias);
    const step = {
      fromInput: stepRows(fromInput, t, length),
      fromState: s,
      state,
      gates: stepRows(gates, t, length),
      width,
    };
    state = stepRows(states, t, length);
    operations.gruForward(step, state);
  }
  madeFromInput.dispose();
  return { value: made as Tensor2D, saved: [made, madeFromState, madeGates, zeros] };
}

function backward(
  room: TensorMemory,
  dy: Tensor,
  inputs: readonly Tensor[],
  saved: readonly Tensor[],
  batch: number,
  length: number,
  width: number,
): Tensor[] {
  const { operations, make, floats } = room;
  const [rows, columns, inner] = [length * batch, 3 * width, inputs[0].shape[1] as number];
  const outs = inputs.map((input) => make(input.shape));
  const scratch = [make([rows, columns]), make([rows, columns]), make([batch, width]), make([batch, width])];
  const [x, inputWeights, , stateWeights] = inputs.map(floats);
  const [states, fromState, gates, zeros] = saved.map(floats);
  const [dX, dInputWeights, dInputBias, dStateWeights, dStateBias] = outs.map(floats);
  const [dFromInput, dFromState] = scratch.slice(0, 2).map(floats);
  let [dState, dBefore] = scratch.slice(2).map(floats);
  const dStates = floats(dy);
  dState.fill(0);
  for (let t = length - 1; t >= 0; t--) {
    operations.axpy(1, stepRows(dStates, t, length), dState);
    const state = t === 0 ? zeros : stepRows(states, t - 1, length);
    const parts = { fromInput: stepRows(dFromInput, t, length), fromState: stepRows(dFromState, t, length) };
    const step = {
      fromInput: parts.fromInput,
      fromState: stepRows(fromState, t, length),
      state,
      gates: stepRows(gates, t, length),
      width,
    };
    operations.gruBackward(step, dState, { ...parts, state: dBefore });
    const through = { a: parts.fromState, b: stateWeights, out: dBefore, rows: batch, inner: columns, columns: width };
    if (t > 0) operations.matMul({ ...through, transposeB: true, accumulate: true });
    [dState, dBefore] = [dBefore, dState];
  }
  const later = { a: states.subarray(0, (length - 1) * batch * width), b: dFromState.subarray(batch * columns) };
  operations.matMul({ ...later, out: dStateWeights, rows: width, inner: rows - batch, columns, transposeA: true });
  operations.matMul({ a: x, b: dFromInput, out: dInputWeights, rows: inner, inner: rows, columns, transposeA: true });
  operations.matMul({
    a: dFromInput,
    b: inputWeights,
    out: dX,
    rows,
    inner: columns,
    columns: inner,
    transposeB: true,
  });
  operations.columnSum(dFromInput, columns, dInputBias);
  operations.columnSum(dFromState, columns, dStateBias);
  for (const tensor of scratch) tensor.dispose();
  return outs;
}
