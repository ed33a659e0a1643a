import { describe, expect, it } from "vitest";
import { InvalidOptionError, NumericalError } from "../../lib/core";
import {
  generateInteractions,
  type IfruSplit,
  ifruSplit,
  type Interactions,
  retainedRows,
  selectRows,
} from "../../lib/data";
import { ifru, type IfruOptions } from "../../lib/ifru";
import { auc, logLosses, mean } from "../../lib/metrics";
import type { Mf } from "../../lib/models";
import { applyUpdate, fitMf, type MfFit, refitMf } from "../../lib/training";
import { describeMethod } from "../contracts/unlearning-method";

const training = { embeddingSize: 12, learningRate: 5e-3, batchSize: 512, seed: 3 };
let fitted: MfFit;
const original = async (split: IfruSplit): Promise<Mf> =>
  (fitted = await fitMf(split.train, split.valid, training)).model;

describeMethod<Mf>("ifru, principled mode", {
  original,
  retainOnly: false,
  async prepare(model, split) {
    const prepared = await ifru.prepare(model, split.train, { retrain: (rows) => refitMf(fitted, rows) });
    return (of, request, extra) => ifru.unlearn(of, request, { ...extra }, prepared);
  },
});

describeMethod<Mf>("ifru, paper mode", {
  original,
  retainOnly: false,
  async prepare(model, split) {
    const options: Partial<IfruOptions> = { mode: "paper", validation: split.valid };
    const prepared = await ifru.prepare(model, split.train, options);
    return (of, request, extra) => ifru.unlearn(of, request, { ...options, ...extra }, prepared);
  },
});

describe("ifru", () => {
  const split = ifruSplit(generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 }));
  const request = { name: "2%", train: split.train, forgetRows: split.forgetRows };

  it("chooses lambda so that a probe is as unfamiliar as retraining leaves it, without a validation label", async () => {
    const model = await original(split);
    const retrainedOn: number[] = [];
    const { calibration, damping } = await ifru.prepare(model, split.train, {
      retrain: (rows) => (retrainedOn.push(rows.user.length), refitMf(fitted, rows)),
    });
    const rows = split.train.user.length;
    expect(calibration?.probeRows).toBe(Math.round(0.02 * rows));
    expect(retrainedOn).toEqual([rows - Math.round(0.02 * rows)]);
    expect(damping).toBe(calibration?.damping);
    expect(calibration?.probeAuc).toBeNull();
    const { original: before, retrained, unlearned } = calibration!.probeLoss;
    expect(retrained).toBeGreaterThan(before);
    expect(Math.abs(unlearned - retrained) / (retrained - before)).toBeLessThan(0.1);
  });

  it("chooses lambda on rows that were learned with flipped labels, as an oracle finds it step by step", async () => {
    const model = await original(split);
    const { train } = split;
    const seen: Interactions[] = [];
    const prepared = await ifru.prepare(model, train, {
      damping: "calibrated-flipped",
      retrain: (rows) => (seen.push(rows), refitMf(fitted, rows)),
    });
    const [flipped, without] = seen;
    expect(seen).toHaveLength(2);
    const probe = Int32Array.from(train.label.keys()).filter((row) => flipped.label[row] !== train.label[row]);
    expect(probe).toHaveLength(Math.round(0.02 * train.user.length));
    expect([flipped.user, flipped.item]).toEqual([train.user, train.item]);
    expect(without.label).toEqual(selectRows(train, retainedRows(train, probe)).label);

    const rows = selectRows(flipped, probe);
    const truth = Float32Array.from(probe, (row) => train.label[row]);
    const aucOf = (of: Mf) => auc(of.score(rows.user, rows.item), truth) ?? NaN;
    const learned = await refitMf(fitted, flipped);
    const target = aucOf(await refitMf(fitted, without));
    const aucAt = async (damping: number) => {
      const asked = { name: "probe", train: flipped, forgetRows: probe };
      return aucOf(applyUpdate(learned, (await ifru.unlearn(learned, asked, { damping })).update));
    };
    const { damping, calibration } = prepared;
    expect(await aucAt(damping! / 1.1)).toBeGreaterThan(target);
    expect(await aucAt(damping! * 1.1)).toBeLessThan(target);
    expect(calibration!.probeAuc!.original).toBeCloseTo(aucOf(learned), 6);
    expect(calibration!.probeAuc!.retrained).toBeCloseTo(target, 6);
    expect(calibration!.probeAuc!.unlearned).toBeCloseTo(await aucAt(damping!), 2);

    const { diagnostics } = await ifru.unlearn(model, request, { damping: "calibrated-flipped" }, prepared);
    expect(diagnostics.damping).toBe(damping);
  });

  it("cannot rank flipped rows that have one label only, and says so", async () => {
    const model = await original(split);
    const train = { ...split.train, label: split.train.label.map(() => 1) };
    const attempt = ifru.prepare(model, train, {
      damping: "calibrated-flipped",
      retrain: () => Promise.resolve(model),
    });
    await expect(attempt).rejects.toThrow(NumericalError);
    await expect(attempt).rejects.toThrow(/one label only[^]*damping of your own/);
    const missing = ifru.prepare(model, train, { damping: "calibrated-flipped" });
    await expect(missing).rejects.toThrow(/"calibrated-flipped", which needs "retrain"/);
  });

  it("takes a lambda as it is given, with no retraining, and counts the share of rows that it read", async () => {
    const model = await original(split);
    const prepared = await ifru.prepare(model, split.train, { damping: 3e-4 });
    expect([prepared.damping, prepared.calibration]).toEqual([3e-4, null]);
    const { diagnostics, cost } = await ifru.unlearn(model, request, {}, prepared);
    expect(diagnostics.damping).toBe(3e-4);
    expect(diagnostics.incidentShare).toBeCloseTo(cost.incidentRows! / split.train.user.length, 12);
    expect(diagnostics.incidentShare).toBeGreaterThan(0.02);
  });

  it("forgets more with less damping", async () => {
    const model = await original(split);
    const rows = selectRows(split.train, split.forgetRows);
    const losses: number[] = [];
    for (const damping of [1e-2, 1e-3, 1e-4, 1e-5]) {
      const { update } = await ifru.unlearn(model, request, { damping });
      losses.push(mean(logLosses(applyUpdate(model, update).score(rows.user, rows.item), rows.label)) ?? NaN);
    }
    for (let k = 1; k < losses.length; k++) expect(losses[k]).toBeGreaterThan(losses[k - 1]);
  });

  it("touches only the selected rows, and fewer of them when pruned", async () => {
    const model = await original(split);
    const full = await ifru.unlearn(model, request, { damping: 1e-4 });
    const pruned = await ifru.unlearn(model, request, { damping: 1e-4, pruningRatio: 0.5 });
    const users = new Set(split.forgetRows.map((row) => split.train.user[row]));
    expect(full.diagnostics.selectedUsers).toBe(users.size);
    expect(pruned.cost.rowsTouched).toBe(Math.ceil(full.cost.rowsTouched / 2));
    expect(pruned.cost.incidentRows).toBeLessThan(full.cost.incidentRows ?? 0);
    const after = applyUpdate(model, full.update);
    for (let user = 0; user < model.userCount; user++) {
      const [from, to] = [user * model.embeddingSize, (user + 1) * model.embeddingSize];
      const moved = !after.userEmbedding
        .subarray(from, to)
        .every((value, j) => value === model.userEmbedding[from + j]);
      expect(moved).toBe(users.has(user));
    }
  });

  it("solves to the tolerance in principled mode and says that the paper's recipe does not", async () => {
    const model = await original(split);
    const principled = await ifru.unlearn(model, request, { damping: 1e-4, tolerance: 1e-4 });
    expect(principled.diagnostics.relativeResidual).toBeLessThan(1e-4);
    expect(principled.diagnostics.converged).toBe(true);
    const paper = await ifru.unlearn(model, request, { mode: "paper", validation: split.valid });
    expect(paper.diagnostics.relativeResidual).toBeGreaterThan(0.1);
    expect(paper.diagnostics.bestStep).toBe(paper.diagnostics.iterations - 11);
    const little = { mode: "paper", validation: split.valid, steps: 1, stepSize: 1e-6 } as const;
    const { relativeResidual } = (await ifru.unlearn(model, request, little)).diagnostics;
    expect(relativeResidual).toBeLessThan(1); // what is left of a system after a small step towards its solution
    expect(relativeResidual).toBeGreaterThan(0.99);
  });

  it.each([1e20, 1e38])("names the divergence of paper mode at step size %d", async (stepSize) => {
    const model = await original(split);
    const attempt = ifru.unlearn(model, request, { mode: "paper", validation: split.valid, stepSize });
    await expect(attempt).rejects.toThrow(NumericalError);
    await expect(attempt).rejects.toThrow(/paper mode diverged[^]*smaller stepSize/);
  });

  it("has no model of a training at learning rate 1e38", async () => {
    const attempt = fitMf(split.train, split.valid, { ...training, learningRate: 1e38 });
    await expect(attempt).rejects.toThrow(NumericalError);
  });

  it.each([
    [{}, /nothing was prepared[^]*ifru.prepare/],
    [{ mode: "paper" }, /no validation rows[^]*validation/],
    [{ mode: "papper" }, /"mode" is "papper"[^]*did you mean "paper"/],
    [{ damping: -1 }, /"damping" is -1/],
    [{ hops: 0.5 }, /"hops" is 0.5/],
    [{ pruningRatio: 1 }, /"pruningRatio" is 1/],
    [{ damping: 1e-4, tolerence: 1 }, /unknown option "tolerence"[^]*did you mean "tolerance"/],
  ])("refuses %j by name and remedy", async (options, message) => {
    const model = await original(split);
    const attempt = ifru.unlearn(model, request, options as Partial<IfruOptions>);
    await expect(attempt).rejects.toThrow(InvalidOptionError);
    await expect(attempt).rejects.toThrow(message);
  });
});
