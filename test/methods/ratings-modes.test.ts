import { describe, expect, it } from "vitest";
import { gradientAscent, scif } from "recsys-unlearning/baselines";
import { cauMf } from "recsys-unlearning/cau";
import { generateInteractions, ifruSplit } from "recsys-unlearning/data";
import { ifru } from "recsys-unlearning/ifru";
import type { Mf } from "recsys-unlearning/models";
import { applyUpdate, fitMf, type ModelUpdate } from "recsys-unlearning/training";

const generated = generateInteractions({ userCount: 200, itemCount: 80, interactionsPerUser: 40, noise: 0.3 });
const split = ifruSplit(generated, { forgetFraction: 0.05 });
const { train, valid: validation, forgetRows } = split;
const request = { name: "5%", train, forgetRows };
const fitted = { embeddingSize: 8, batchSize: 512, learningRate: 0.01, epochs: 8, seed: 3 };
const original = (async () => (await fitMf(train, validation, fitted)).model)();

const bytes = (model: Mf, update: ModelUpdate<Mf>) =>
  applyUpdate(model, update)
    .parameters()
    .map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"))
    .join(" ");

const climb = async (mode: "paper" | "principled", extra: object = {}) => {
  const model = await original;
  const options = { mode, validation, ...extra };
  const { update, diagnostics } = await gradientAscent.unlearn(model, request, options);
  return { after: bytes(model, update), bestStep: diagnostics.bestStep };
};

const methods: Readonly<Record<string, (model: Mf) => Promise<{ readonly update: ModelUpdate<Mf> }>>> = {
  "IFRU (principled)": (model) => ifru.unlearn(model, request, { damping: 1e-3 }),
  "IFRU (paper)": (model) => ifru.unlearn(model, request, { mode: "paper", validation }),
  "SCIF (principled)": (model) => scif.unlearn(model, request),
  "SCIF (paper)": (model) => scif.unlearn(model, request, { mode: "paper", validation }),
  "gradient ascent": (model) => gradientAscent.unlearn(model, request, { lossRise: 0.1 }),
  "CAU (MF)": (model) => cauMf.unlearn(model, request, { lossRise: 0.1 }),
};

describe("methods on ratings", () => {
  it("give other parameters each, and so do modes that claim to differ", async () => {
    const names = new Map<string, string>();
    for (const [name, unlearn] of Object.entries(methods)) {
      const model = await original;
      const after = bytes(model, (await unlearn(model)).update);
      expect(names.get(after), `${name} gives what another gives`).toBeUndefined();
      names.set(after, name);
    }
  });

  it("include gradient ascent, whose modes walk one path: they coincide where both keep the same step", async () => {
    const paper = await climb("paper");
    const low = await climb("principled", { lossRise: 0.1 });
    expect(low.bestStep).toBeLessThan(paper.bestStep);
    expect(low.after).not.toBe(paper.after);
    const asFar = await climb("principled", { lossRise: 100, steps: paper.bestStep });
    expect(asFar.bestStep).toBe(paper.bestStep);
    expect(asFar.after).toBe(paper.after);
  });
});
