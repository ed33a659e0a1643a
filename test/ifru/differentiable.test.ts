import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { NumericalError, Random } from "../../lib/core";
import { IdMap, indexInteractions, type Interactions } from "../../lib/data";
import { createWorkspace, liveWorkspaces, operations, tensorEngine } from "../../lib/engine";
import { type DifferentiableProblem, influenceOf, type RowLoss } from "../../lib/ifru";
import { DifferentiableSystem } from "../../lib/ifru/differentiable-system";
import { InfluenceSystem } from "../../lib/ifru/influence-system";
import { gatherLocalRows } from "../../lib/ifru/local-rows";
import { principalAxes } from "../../lib/ifru/principal-axes";
import type { NodeSelection } from "../../lib/ifru/selection";
import { Mf, NeuralMf, neuralMfLoss, type NeuralMfTensors } from "../../lib/models";

const [userCount, itemCount, width, rows] = [6, 7, 4, 30];

function trainingRows(seed: number): Interactions {
  const random = Random.fromSeed(seed);
  const pairs = random.sample(userCount * itemCount, rows);
  return {
    user: pairs.map((pair) => Math.floor(pair / itemCount)),
    item: pairs.map((pair) => pair % itemCount),
    label: Float32Array.from(pairs, () => random.integer(2)),
    userCount,
    itemCount,
    users: new IdMap("user"),
    items: new IdMap("item"),
  };
}

const everyUser: NodeSelection = {
  users: Int32Array.from({ length: userCount }, (_, id) => id),
  items: Int32Array.from({ length: itemCount }, (_, id) => id),
};
const everyRow = Int32Array.from({ length: rows }, (_, row) => row);
const at = <T extends Int32Array | Float32Array>(column: T, some: Int32Array): T =>
  (column.constructor as unknown as { from(a: Int32Array, f: (row: number) => number): T }).from(
    some,
    (row) => column[row],
  );

async function mfLoss(train: Interactions): Promise<RowLoss> {
  const { tf } = await tensorEngine();
  return ([p, q], some) => {
    const gather = (table: Tensor, ids: Int32Array) => tf.gather(table as Tensor2D, tf.tensor1d(ids, "int32"));
    const score = tf.sum(tf.mul(gather(p, at(train.user, some)), gather(q, at(train.item, some))), 1);
    return tf.sum(tf.sub(tf.softplus(score), tf.mul(score, tf.tensor1d(at(train.label, some)))));
  };
}

/** The neural model's summed loss in float64, straight from its definition. */
function neuralLoss(train: Interactions, [p, q, w, b, v, c]: readonly Float64Array[], hiddenSize: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const input = [p.subarray(train.user[row] * width), q.subarray(train.item[row] * width)];
    let score = c[0];
    for (let j = 0; j < width; j++) score += input[0][j] * input[1][j];
    for (let h = 0; h < hiddenSize; h++) {
      let hidden = b[h];
      for (let j = 0; j < width; j++)
        hidden += input[0][j] * w[j * hiddenSize + h] + input[1][j] * w[(width + j) * hiddenSize + h];
      score += Math.max(hidden, 0) * v[h];
    }
    sum += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - train.label[row] * score;
  }
  return sum;
}

async function neuralProblem(
  seed: number,
): Promise<{ problem: DifferentiableProblem; lossAt: (moved: Float64Array[]) => number }> {
  const { tf } = await tensorEngine();
  const train = trainingRows(seed);
  const hiddenSize = 5;
  const model = NeuralMf.initialise({
    userCount,
    itemCount,
    embeddingSize: width,
    hiddenSize,
    initialDeviation: 0.8,
    seed,
  });
  const parameters = model.parameters();
  const loss: RowLoss = (moved, some) => {
    const tensors = Object.fromEntries(parameters.map(({ name }, n) => [name, moved[n]])) as unknown as NeuralMfTensors;
    return neuralMfLoss(tf, tensors, at(train.user, some), at(train.item, some), at(train.label, some));
  };
  const problem = { parameters, loss, retainedRows: everyRow, forgottenRows: Int32Array.of(2, 9) };
  return { problem, lossAt: (moved) => neuralLoss(train, moved, hiddenSize) };
}

describe("the influence path of any differentiable model", () => {
  it.each([1, 2])("multiplies as the closed form does, on matrix factorisation (seed %i)", async (seed) => {
    const train = trainingRows(seed);
    const random = Random.fromSeed(seed);
    const table = (count: number): Float32Array => random.fillNormal(new Float32Array(count * width), 0.7);
    const model = new Mf(table(userCount), table(itemCount), width);
    const room = createWorkspace();
    const forgotten = Int32Array.of(1, 5);
    const parameters = model.parameters();
    const problem = { parameters, loss: await mfLoss(train), retainedRows: everyRow, forgottenRows: forgotten };
    const ours = new DifferentiableSystem(problem, 0.25, await tensorEngine(), operations(), room);
    const index = indexInteractions(train);
    const local = gatherLocalRows(model, train, index, everyUser, forgotten, room);
    const form = { curvature: "exact", ridge: 0.25, axes: principalAxes(model, index) } as const;
    const closed = new InfluenceSystem(local, form, operations(), room);
    const direction = ours.allocate().map((block) => random.fillNormal(block, 1));
    const [a, b] = [ours.allocate(), closed.allocate()];
    ours.multiply(direction, a);
    closed.multiply(direction, b);
    for (const [x, y] of [
      [a, b],
      [ours.rightHandSide, closed.rightHandSide],
    ] as const)
      // prettier-ignore
      x.forEach((block, n) => block.forEach((value, i) => expect(value).toBeCloseTo(y[n][i], 4)));
    room.dispose();
  });

  it("refuses a parameter whose values do not fill its shape", async () => {
    const { problem } = await neuralProblem(4);
    const [first, ...others] = problem.parameters;
    const short = { ...first, values: first.values.subarray(1) };
    const engine = await tensorEngine();
    const room = createWorkspace();
    const build = () =>
      new DifferentiableSystem({ ...problem, parameters: [short, ...others] }, 0, engine, operations(), room);
    expect(build).toThrow(`parameter 0 has ${first.values.length - 1} values`);
    room.dispose();
  });

  it.each([4, 7])("has the Hessian that finite differences give, on a neural model (seed %i)", async (seed) => {
    const { problem, lossAt } = await neuralProblem(seed);
    const engine = await tensorEngine();
    const room = createWorkspace();
    const before = engine.tf.memory().numTensors;
    const system = new DifferentiableSystem(problem, 0, engine, operations(), room);
    const random = Random.fromSeed(seed);
    const direction = system.allocate().map((block) => random.fillNormal(block, 0.3));
    const product = system.allocate();
    system.multiply(direction, product);
    expect(engine.tf.memory().numTensors).toBe(before);
    const h = 1e-4;
    const moved = (step: number) =>
      problem.parameters.map(({ values }, n) =>
        Float64Array.from(values, (value, i) => value + step * direction[n][i]),
      );
    const curvature = (lossAt(moved(h)) - 2 * lossAt(moved(0)) + lossAt(moved(-h))) / (h * h);
    expect(system.dot(direction, product) / curvature).toBeCloseTo(1, 3);
    expect(Math.abs(curvature)).toBeGreaterThan(0.1);
    room.dispose();
  });

  it("raises the forgotten rows' loss and says what it took", async () => {
    const { problem } = await neuralProblem(5);
    const { tf } = await tensorEngine();
    const liveBefore = liveWorkspaces();
    const result = await influenceOf(problem, { damping: 0.3 });
    const lossOfForgotten = (step: number) =>
      tf.tidy(() => {
        const tensors = problem.parameters.map(({ values, shape }, n) =>
          tf.tensor(
            values.map((value, i) => value + step * result.change[n][i]),
            [...shape],
          ),
        );
        return problem.loss(tensors, problem.forgottenRows).dataSync()[0];
      });
    expect(lossOfForgotten(1)).toBeGreaterThan(lossOfForgotten(0));
    expect(result.converged).toBe(true);
    expect(result.hessianVectorProducts).toBeGreaterThanOrEqual(result.iterations);
    expect(liveWorkspaces()).toBe(liveBefore);
  });

  it("names negative curvature and the remedy", async () => {
    const { problem } = await neuralProblem(6);
    const attempt = influenceOf(problem, { damping: 0 });
    await expect(attempt).rejects.toThrow(NumericalError);
    await expect(attempt).rejects.toThrow(/larger damping/);
  });
});
