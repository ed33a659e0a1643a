import type { Tensor } from "@tensorflow/tfjs-core";
import { EngineError } from "../../core";
import type { TensorLibrary } from "./library";

/** One pass that was recorded: it can be gone back through as often as there are gradients to take. Dispose of it. */
export interface Recording {
  /** What the pass gave. */
  readonly outputs: readonly Tensor[];
  /**
   * The gradients of the inputs for given gradients of the outputs; the library's own functions go forward again for
   * each of them.
   *
   * @param gradients by output; `null` where nothing depends on it
   * @returns by input; zeros where no output depends on it
   */
  pullBack(gradients: readonly (Tensor | null)[]): Tensor[];
  dispose(): void;
}

/** A node of the library's tape. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  readonly saved: readonly Tensor[] | null;
  readonly gradient?: (gradients: readonly (Tensor | null)[]) => Record<string, () => Tensor>;
}

/** Of the library's engine, the parts that its own types keep to themselves. */
interface EngineWithTape {
  startTape(): void;
  endTape(): void;
  readonly state: { activeTape: TapeNode[] | null; readonly gradientDepth: number };
}

/**
 * Records a pass.
 *
 * @param inputs what gradients are to be taken by
 * @param pass not itself within a gradient
 */
export function record(tf: TensorLibrary, inputs: readonly Tensor[], pass: () => Tensor[]): Recording {
  const engine = tf.engine() as unknown as EngineWithTape;
  if (engine.state.gradientDepth > 0) throw new EngineError("a pass within a gradient cannot be recorded");
  engine.startTape();
  const taken = () => {
    engine.endTape();
    const tape = engine.state.activeTape!;
    engine.state.activeTape = null;
    return tape;
  };
  let outputs: Tensor[];
  try {
    outputs = tf.tidy(pass).map((output) => tf.keep(output));
  } catch (error) {
    disposeSaved(tf, taken());
    throw error;
  }
  const tape = taken();
  const nodes = dependingOn(inputs, tape);
  return {
    outputs,
    pullBack: (gradients) => tf.tidy(() => pullBack(tf, nodes, inputs, outputs, gradients)),
    dispose() {
      const made = outputs.filter((output) => !inputs.includes(output));
      tf.dispose(made);
      disposeSaved(tf, tape);
    },
  };
}

function disposeSaved(tf: TensorLibrary, tape: readonly TapeNode[]): void {
  tf.dispose(tape.flatMap(({ saved }) => [...(saved ?? [])]));
}

/** The nodes through which something depends on the inputs, with those of their own inputs that do. */
function dependingOn(inputs: readonly Tensor[], tape: readonly TapeNode[]): TapeNode[] {
  const reached = new Set(inputs.map(({ id }) => id));
  return tape.flatMap((node) => {
    const own = Object.entries(node.inputs).filter(([, { id }]) => reached.has(id));
    if (own.length === 0) return [];
    for (const { id } of node.outputs) reached.add(id);
    return [{ ...node, inputs: Object.fromEntries(own) }];
  });
}

function pullBack(
  tf: TensorLibrary,
  nodes: readonly TapeNode[],
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  gradients: readonly (Tensor | null)[],
): Tensor[] {
  const byTensor = new Map<number, Tensor>();
  const add = ({ id }: Tensor, gradient: Tensor) => {
    const before = byTensor.get(id);
    byTensor.set(id, before === undefined ? gradient : tf.add(before, gradient));
  };
  gradients.forEach((gradient, k) => {
    if (gradient !== null) add(outputs[k], gradient);
  });
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some(({ id }) => byTensor.has(id))) continue;
    if (node.gradient === undefined) throw new EngineError(`${node.kernelName} has no gradient`);
    const made = node.gradient(node.outputs.map(({ id }) => byTensor.get(id) ?? null));
    for (const [name, input] of Object.entries(node.inputs)) add(input, tf.tidy(made[name]));
  }
  return inputs.map((input) => byTensor.get(input.id)?.clone() ?? tf.zerosLike(input));
}
