import { describe, expect, it } from "vitest";
import { Breather } from "recsys-unlearning/core";
import {
  generateInteractions,
  historyCount,
  type PrefixSamples,
  splitSessions,
  toSessions,
} from "recsys-unlearning/data";
import { createWorkspace, operations } from "recsys-unlearning/engine";
import {
  itemInfluence,
  itemInfluenceOptions,
  type ItemInfluenceOptions,
  outputInfluence,
} from "recsys-unlearning/ifru";
import { sessionClassifier, SessionModel } from "recsys-unlearning/models";
import { applyUpdate } from "recsys-unlearning/training";
import { conjugateGradient } from "../../../lib/ifru/conjugate-gradient";
import { solveWithChosenDamping } from "../../../lib/ifru/sessions/chosen-damping";
import { type EmbeddingProblem, EmbeddingSystem } from "../../../lib/ifru/sessions/embedding-system";
import { type RequestSamples, requestSamples } from "../../../lib/ifru/sessions/request-samples";
import { addStep, stepTerms } from "../../../lib/ifru/sessions/step-terms";
import { rowsOf } from "../../baselines/sessions/small";

const width = 4;
const items = Int32Array.from({ length: 12 }, (_, item) => item);
const { train } = splitSessions(
  toSessions(generateInteractions({ userCount: 40, itemCount: 12, interactionsPerUser: 8, sessionLength: 6 })),
);
const forgetRows = rowsOf(train, [0, 3, 8, 11, 20], 2);
const request = { name: "test", train, forgetRows };
const modelOptions = { embeddingSize: width, maxLength: 4, initialDeviation: 1 };
const model = SessionModel.initialise("gru4rec", train.itemCount, modelOptions);
const limits = { tolerance: 1e-6, iterations: 100 };

const drawnOf = (curvatureSamples: number, seed = 1) =>
  requestSamples(model.form, train, forgetRows, { spillover: "changed", curvatureSamples, seed });
const { left } = drawnOf(1);
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const breather = new Breather("test");

const other = SessionModel.initialise("gru4rec", train.itemCount, { ...modelOptions, initialDeviation: 0.9 });

/** With the system of samples that were drawn, after a step of the output layer to that of another model. */
async function withSystem<R>(
  { kept, gone, come }: RequestSamples,
  use: (system: EmbeddingSystem, problem: EmbeddingProblem) => Promise<R>,
  outer = other,
): Promise<R> {
  const [uploaded, after, workspace] = [await model.upload(), await outer.upload(), createWorkspace()];
  const movedLayer = sessionClassifier(after);
  const factor = left / historyCount(kept);
  const problem = { ...{ items, gone, come, movedLayer, factor }, model: uploaded, staying: kept, ridge: 1 };
  const system = await EmbeddingSystem.of(problem, operations(), workspace, breather);
  try {
    return await use(system, problem);
  } finally {
    system.dispose();
    workspace.dispose();
    for (const one of [uploaded, after]) one.dispose();
  }
}

/** The matrix of a system without its ridge, column by column. */
function dense(system: EmbeddingSystem): Float64Array[] {
  system.damp(1);
  return Array.from({ length: items.length * width }, (_, k) => {
    const [unit, product] = [system.allocate(), system.allocate()];
    unit[0][k] = 1;
    system.multiply(unit, product);
    return Float64Array.from(product[0], (value, row) => value - unit[0][row]);
  });
}

/** x of (A + ridge) x = b, by elimination. */
function solved(columns: readonly Float64Array[], ridge: number, b: ArrayLike<number>): Float32Array {
  const size = columns.length;
  const rows = Array.from({ length: size }, (_, r) =>
    Float64Array.from({ length: size + 1 }, (_, c) => (c === size ? b[r] : columns[c][r] + (r === c ? ridge : 0))),
  );
  for (let p = 0; p < size; p++)
    for (let r = 0; r < size; r++)
      if (r !== p) {
        const share = rows[r][p] / rows[p][p];
        rows[r].forEach((_, c) => (rows[r][c] -= share * rows[p][c]));
      }
  return Float32Array.from(rows, (row, r) => row[size] / row[r]);
}

/** The rule, in as many words: what each lambda's step is worth, and the smallest that is as good as the best. */
async function expectedChoice(
  system: EmbeddingSystem,
  { model: uploaded, movedLayer, staying }: EmbeddingProblem,
  unseen: PrefixSamples,
  damping: number,
) {
  const [columns, count] = [dense(system), left - historyCount(staying)];
  const tried: { damping: number; length: number; worth: number; costs: number[] }[] = [];
  for (const multiple of [1000, 100, 10, 1]) {
    const change = solved(columns, multiple * damping * left, system.rightHandSide[0]);
    const termsOf = (samples: PrefixSamples) => stepTerms(uploaded, movedLayer, samples, { items, change }, breather);
    const [seen, fresh] = [await termsOf(staying), await termsOf(unseen)];
    const each = count / fresh.length;
    const total = (of: "curved" | "done") => sum(seen.map((t) => t[of])) + each * sum(fresh.map((t) => t[of]));
    const linear = sum(change.map((value, k) => value * system.gradient[0][k])) - total("done");
    const length = Math.min(1, Math.max(0, linear / total("curved")));
    const costs = fresh.map(({ done, curved }) => length * done + (length * length * curved) / 2);
    tried.push({ damping: multiple * damping, length, worth: length * linear - (length ** 2 * total("curved")) / 2, costs }); // prettier-ignore
  }
  let [best, chosen] = [tried[0], tried[0]];
  for (const next of tried.slice(1)) {
    const differences = next.costs.map((cost, k) => cost - best.costs[k]);
    const [n, mean] = [differences.length, sum(differences) / differences.length];
    const variance = sum(differences.map((value) => (value - mean) ** 2)) / (n - 1);
    if (best.worth - next.worth > count * Math.sqrt((variance / n) * (1 - n / count))) break;
    [best, chosen] = [next.worth > best.worth ? next : best, next];
  }
  return { chosen, tried };
}

describe("the lambda of the step on item embeddings", () => {
  it.each([
    [60, 1e-4, 1, 1],
    [12, 1e-5, 3, 1],
    [8, 1e-5, 4, 10], // worth less than the next, but not by more than the error
    [12, 1e-6, 2, 100], // so too
    [5, 1e-6, 2, 1000],
  ])(
    "is the one that unseen samples speak for: %i samples, %d, seed %i: times %i",
    async (count, damping, seed, times) => {
      const drawn = drawnOf(count, seed);
      await withSystem(drawn, async (system, problem) => {
        const { chosen, tried } = await expectedChoice(system, problem, drawn.unseen(), damping);
        expect(chosen.damping / damping).toBeCloseTo(times, 9);
        const found = await solveWithChosenDamping(system, problem, drawn, { damping, ...limits }, breather);
        expect(found.chosen.damping).toBe(chosen.damping);
        expect(found.chosen.length / chosen.length).toBeCloseTo(1, 2);
        expect(found.chosen.largest).toBe(chosen === tried[0]);
      });
    },
  );

  it("shortens a step that its own samples take too far", async () => {
    const drawn = drawnOf(3);
    const short = await withSystem(drawn, async (system, problem) => {
      const { movedLayer, model: uploaded } = problem;
      const found = await solveWithChosenDamping(system, problem, drawn, { damping: 1e-4, ...limits }, breather);
      const worth = async (change: Float32Array) => {
        const terms = await stepTerms(uploaded, movedLayer, drawnOf(left).kept, { items, change }, breather);
        const linear = sum(change.map((value, k) => value * system.gradient[0][k]));
        return linear - sum(terms.map(({ done, curved }) => done + curved / 2));
      };
      const weak = solved(dense(system), 1e-4 * left, system.rightHandSide[0]);
      return { weak: await worth(weak), taken: await worth(found.solution[0].map((v) => v * found.chosen.length)) };
    });
    expect(short.weak).toBeLessThan(0);
    expect(short.taken).toBeGreaterThan(0);
  });

  const answer = async (options: Partial<ItemInfluenceOptions>) => {
    const { update, diagnostics } = await itemInfluence.unlearn(model, request, options);
    return { parameters: applyUpdate(model, update).parameters(), ...diagnostics };
  };

  it("is the damping itself where the matrix has seen all that stays, and a number is what is told", async () => {
    const all = { curvatureSamples: left, damping: 0.02 };
    const chosen = await answer(all);
    expect(chosen.embeddingDamping).toEqual({ damping: 0.02, length: 1, largest: false });
    expect(chosen.parameters).toEqual((await answer({ ...all, embeddingDamping: 0.02 })).parameters);
    const told = await answer({ ...all, embeddingDamping: 0.2 });
    expect(told.embeddingDamping).toEqual({ damping: 0.2, length: 1, largest: false });
    expect(told.parameters[0].values).not.toEqual(chosen.parameters[0].values);
  });

  it("is a number's alone where it is told: its system is the one that is solved, to the last bit", async () => {
    const options = { curvatureSamples: 5, damping: 0.02 };
    const outer = applyUpdate(model, (await outputInfluence.unlearn(model, request, options)).update);
    const ridge = 0.3 * left;
    const solution = await withSystem(
      drawnOf(5),
      async (system) => {
        system.damp(ridge);
        const { tolerance, iterations } = itemInfluenceOptions.resolve({});
        const breathe = () => Promise.resolve();
        const found = await conjugateGradient(system, system.rightHandSide, { tolerance, iterations, breathe });
        return found.solution[0].slice();
      },
      outer,
    );
    const table = addStep(model.parameters()[0].values.slice(), { items, change: solution }, width);
    expect((await answer({ ...options, embeddingDamping: 0.3 })).parameters[0].values).toEqual(table);
  });

  it("takes as much of the solution as is said", async () => {
    const options = { curvatureSamples: 5, damping: 1e-4 };
    const outer = applyUpdate(model, (await outputInfluence.unlearn(model, request, options)).update);
    const { tolerance, iterations } = itemInfluenceOptions.resolve({});
    const drawn = drawnOf(5);
    const { chosen, change } = await withSystem(
      drawn,
      async (system, problem) => {
        const asked = { damping: options.damping, tolerance, iterations };
        const { chosen, solution } = await solveWithChosenDamping(system, problem, drawn, asked, breather);
        return { chosen, change: solution[0].map((value) => chosen.length * value) };
      },
      outer,
    );
    expect(chosen.length).toBeLessThan(0.9);
    const found = await answer(options);
    expect(found.embeddingDamping).toEqual(chosen);
    expect(found.parameters[0].values).toEqual(addStep(model.parameters()[0].values.slice(), { items, change }, width));
  });

  it("is chosen with one unseen sample, and without spillover", async () => {
    for (const spillover of ["changed", "none"] as const) {
      const { left } = requestSamples(model.form, train, forgetRows, { spillover, seed: 1, curvatureSamples: 1 });
      for (const curvatureSamples of [left - 1, 1]) {
        const found = await answer({ spillover, curvatureSamples, damping: 0.02 });
        expect(found.embeddings.converged).toBe(true);
        expect(found.parameters.every(({ values }) => values.every(Number.isFinite))).toBe(true);
        expect([0.02, 0.2, 2, 20]).toContainEqual(expect.closeTo(found.embeddingDamping.damping, 6));
      }
    }
  });

  it("draws other samples than those that the matrix has seen", () => {
    for (const curvatureSamples of [5, left - 3]) {
      const { kept, unseen } = drawnOf(curvatureSamples);
      const places = (samples: PrefixSamples) => new Set(samples.end);
      const [seen, others] = [places(kept), places(unseen())];
      expect(others.size).toBe(Math.min(curvatureSamples, left - curvatureSamples));
      expect([...others].filter((place) => seen.has(place))).toEqual([]);
    }
  });
});
