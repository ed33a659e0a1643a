import { asSetting, Breather, optionList, type OptionsOf, Random, seedOption, wholeOption } from "../../core";
import { type Interactions, rowCount } from "../../data";
import type { Mf } from "../../models";
import type { IfruPrepared } from "../prepare";
import { preparedDamping, ridgeOf } from "./explanation";
import { NodeBlock, type Side, sidesOf } from "./node-block";
import { requireMf } from "./require-mf";

/** The options of `influenceComponents`. */
export const influenceComponentsOptions = optionList("influenceComponents", {
  components: wholeOption("How many directions, the strongest first.", 1, 1),
  iterations: wholeOption("Power iterations for each.", 30, 1),
  damping: preparedDamping,
  seed: asSetting(seedOption("Of the iterations' start.", 1)),
});

/** Options of `influenceComponents`; defaults and ranges are in `influenceComponentsOptions`. */
export interface InfluenceComponentsOptions extends OptionsOf<typeof influenceComponentsOptions.fields> {}

/** A direction in which rows pull the model together. */
export interface InfluenceComponent {
  /** How far each training row pulls that way, `[rows]`, of length 1. The sign of all together means nothing. */
  readonly rows: Float64Array;
  /** The eigenvalue of the matrix of influences. */
  readonly strength: number;
}

/**
 * Principal components of the influences that training rows have on each other: the matrix of g_r' A⁻¹ g_s over all
 * pairs of rows, g the gradient of a row's loss and A the damped Gauss-Newton matrix without the coupling of users and
 * items, a block for each (`README.md`, equation 8). Power iteration, deflated; no matrix of rows is made. Rows at the
 * ends of a component move the model most where they are forgotten together. For matrix factorisation.
 *
 * @param prepared what `ifru.prepare` returned for the model, in principled mode
 * @param train the rows the model was trained on
 * @throws InvalidArgumentError for what was prepared of another model or other rows, or a model of another kind
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @throws CancelledError when the current signal is aborted
 * @example
 * const [first] = await influenceComponents(model, prepared, train);
 * endsOf(first.rows, 100).top; // 100 rows that pull the same way
 */
export async function influenceComponents(
  model: Mf,
  prepared: IfruPrepared,
  train: Interactions,
  options?: Partial<InfluenceComponentsOptions>,
): Promise<readonly InfluenceComponent[]> {
  const { components, iterations, damping, seed } = influenceComponentsOptions.resolve(options);
  requireMf("influenceComponents", model, "give an Mf");
  prepared.origin.require("influenceComponents", train, model);
  const { ridge } = ridgeOf(damping, prepared, train);
  const breather = new Breather("finding influence components");
  const sides = sidesOf(model, train, prepared.index);
  const blocks = [...(await blocksOf(sides.user, ridge, breather)), ...(await blocksOf(sides.item, ridge, breather))];
  const random = Random.derive(seed, "influence components");
  const found: InfluenceComponent[] = [];
  for (let k = 0; k < components; k++) {
    let rows = unit(
      apart(
        Float64Array.from({ length: rowCount(train) }, () => random.normal()),
        found,
      ),
    );
    let strength = 0;
    for (let iteration = 0; iteration < iterations; iteration++) {
      await breather.breathe();
      const next = apart(influenceTimes(rows, blocks, model.embeddingSize), found);
      strength = lengthOf(next);
      rows = unit(next);
    }
    found.push({ rows, strength });
  }
  return found;
}

async function blocksOf(side: Side, ridge: number, breather: Breather): Promise<NodeBlock[]> {
  const blocks: NodeBlock[] = [];
  for (let id = 0; id + 1 < side.pointers.length; id++) {
    if (side.pointers[id] === side.pointers[id + 1]) continue;
    blocks.push(new NodeBlock(side, id, ridge));
    await breather.breathe();
  }
  return blocks;
}

/** The matrix of influences times v: at each node A⁻¹ Σ v_s g_s, and of every row there its product with g_r. */
function influenceTimes(v: Float64Array, blocks: readonly NodeBlock[], width: number): Float64Array {
  const result = new Float64Array(v.length);
  for (const block of blocks) {
    const sum = new Float64Array(width);
    const rows = Array.from(block.rows, (row) => block.rowAt(row));
    for (const { row, x, residual } of rows) for (let j = 0; j < width; j++) sum[j] += v[row] * residual * x[j];
    const solved = block.solve(sum);
    for (const { row, x, residual } of rows) {
      let product = 0;
      for (let j = 0; j < width; j++) product += x[j] * solved[j];
      result[row] += residual * product;
    }
  }
  return result;
}

/** What is left of a vector beside components that are known. */
function apart(v: Float64Array, known: readonly InfluenceComponent[]): Float64Array {
  const left = v.slice();
  for (const { rows } of known) {
    const along = rows.reduce((sum, value, row) => sum + value * left[row], 0);
    rows.forEach((value, row) => (left[row] -= along * value));
  }
  return left;
}

const lengthOf = (v: Float64Array) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));

function unit(v: Float64Array): Float64Array {
  const length = lengthOf(v);
  return length === 0 ? v : v.map((value) => value / length);
}
