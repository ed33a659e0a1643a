import { audits, baselines, core, data, ifru, models, training } from "recsys-unlearning";
import { beforeAll, describe, expect, test } from "vitest";

// generated ratings, so that the suite needs no file; real ones are in real.test.ts
const interactions = data.generateInteractions({ userCount: 250, itemCount: 200, seed: 5 });
const split = data.ifruSplit(interactions, { coreSize: 0, forgetFraction: 0.05 });
const { train, valid, test: testRows, forgetRows, trueLabel } = split;
const request = { name: "wrong labels", train, forgetRows };
const stay = data.selectRows(train, data.retainedRows(train, forgetRows));
const options = { embeddingSize: 8, learningRate: 1e-2, epochs: 60, batchSize: 256, seed: 1 };

let original: training.MfFit;
let retrain: models.Mf[];
const refit = (seed: number) => training.refitMf({ ...original, options: { ...original.options, seed } }, stay);

beforeAll(async () => {
  original = await training.fitMf(train, valid, options);
  retrain = [await refit(1), await refit(2)];
});

describe("verdict", () => {
  test("another retraining is forgotten, another training on all rows is not", async () => {
    const given = { retrain, test: testRows, trueLabel };
    const third = await audits.verdict(original, await refit(3), request, given);
    expect([third.outcome, third.isForgotten]).toEqual(["forgotten", true]);
    const again = await training.refitMf({ ...original, options: { ...original.options, seed: 9 } }, train);
    const remembers = await audits.verdict(original, again, request, given);
    expect([remembers.outcome, remembers.isForgotten]).toEqual(["not forgotten", false]);
    const loss = remembers.content.judgements[0];
    expect(loss.finding).toBe("remembers");
    expect(loss.remaining).toBeGreaterThan(0.7);
    expect(remembers.sentences[1]).toMatch(/% of what Original knew beyond Retrain is left/);
  });

  test("a method's answer is taken as it is returned, with its cost beside a retraining's", async () => {
    const prepared = await ifru.ifru.prepare(original.model, train, { damping: 1e-3 });
    const answer = await ifru.ifru.unlearn(original.model, request, { damping: 1e-3 }, prepared);
    const timed = retrain.map((model) => ({ model, seconds: 7 }));
    const found = await audits.verdict(original, answer, request, { retrain: timed, test: testRows, name: "IFRU" });
    const { cost } = found.content;
    expect(cost).toMatchObject({ retrainSeconds: 7, hessianVectorProducts: answer.cost.hessianVectorProducts });
    expect(cost.seconds).toBeCloseTo(
      Object.values(answer.cost.seconds).reduce((a, b) => a + b, 0),
      9,
    );
    expect(found.sentences.at(-1)).toMatch(/^IFRU took .* s; a retraining took 7 s: .* times as fast/);
    expect(found.table().columns.map(({ label, key }) => label ?? key)).toEqual([
      ...["about", "measure", "Original", "IFRU", "Retrain", "noise floor", "finding"],
    ]);
  });

  test("a model that was pushed beyond Retrain is over-forgotten", async () => {
    const ascended = await baselines.gradientAscent.unlearn(original.model, request, { lossRise: 6 });
    const found = await audits.verdict(original, ascended, request, { retrain, test: testRows });
    expect(found.outcome).toBe("over-forgotten");
    expect(found.sentences.join(" ")).toMatch(/went beyond Retrain/);
  });

  test("one retraining cannot tell that utility is worse, five can", async () => {
    const few = await training.fitMf(stay, valid, { ...options, epochs: 1, learningRate: 1e-4 });
    const utility = async (models: typeof retrain) => {
      const { content } = await audits.verdict(original, few, request, { retrain: models, test: testRows });
      return content.judgements.find(({ about }) => about === "utility")!;
    };
    const five = [...retrain, await refit(3), await refit(4), await refit(5)];
    expect((await utility(five)).finding).toBe("worse");
    expect(await utility(retrain.slice(0, 1))).toMatchObject({
      finding: "cannot tell",
      reason: "one retraining alone has no noise floor",
    });
  });

  test("the answer that did nothing is never forgotten, with or without Retrain", async () => {
    for (const given of [{}, { retrain }]) {
      const found = await audits.verdict(original, original.model, request, given);
      expect(found.outcome).toBe("not forgotten");
      expect(found.sentences[0]).toMatch(/as Original does, to the bit/);
    }
  });

  test.each([
    ["without a retraining", () => ({}), /there is no retrained model/],
    ["with one alone", () => ({ retrain: retrain[0] }), /no noise floor/],
  ])("%s it cannot be told, and says so", async (_, given, reason) => {
    const found = await audits.verdict(original, await refit(3), request, { ...given(), test: testRows });
    expect([found.outcome, found.isForgotten]).toEqual(["cannot be told", null]);
    expect(found.sentences[0]).toMatch(reason);
    const findings = found.content.judgements.filter(({ about }) => about === "completeness");
    expect(new Set(findings.map(({ finding }) => finding))).toEqual(new Set(["cannot tell"]));
    expect(found.untold.length).toBeGreaterThanOrEqual(findings.length);
  });

  test("too few rows cannot be told by two retrainings", async () => {
    const few = { name: "three rows", train, forgetRows: forgetRows.slice(0, 3) };
    const found = await audits.verdict(original, retrain[0], few, { retrain: [retrain[1], await refit(4)] });
    expect(found.outcome).toBe("cannot be told");
    expect(found.sentences[0]).toMatch(/3 rows are too few for 2 retrainings/);
  });

  test("rows that Original knows no better than Retrain does cannot be told", async () => {
    const fresh = (seed: number) => models.Mf.initialise({ ...options, ...train, initialDeviation: 1e-3, seed });
    const found = await audits.verdict(fresh(1), fresh(2), request, { retrain: [fresh(3), fresh(4)], test: testRows });
    expect(found.outcome).toBe("cannot be told");
    expect(found.sentences[0]).toMatch(/Original knew too little of them/);
  });

  test("what makes a verdict impossible is refused by name", async () => {
    const given = (retrained: readonly models.Recommender[]) =>
      audits.verdict(original, retrain[0], request, { retrain: retrained });
    await expect(given([original.model, retrain[1]])).rejects.toThrow(/predicts the forgotten rows as Original does/);
    await expect(given([retrain[1], retrain[1]])).rejects.toThrow(/two of the retrainings are the same/);
    const ensemble = new models.Ensemble([original.model]);
    await expect(audits.verdict(original, ensemble, request)).rejects.toThrow(
      /the answer is an ensemble of mf of .* and Original mf of/,
    );
    const none = { ...request, forgetRows: new Int32Array(0) };
    await expect(audits.verdict(original, retrain[0], none)).rejects.toThrow(/forgets no rows/);
    const foreign = { ...request, forgetRows: Int32Array.of(-1) };
    await expect(audits.verdict(original, retrain[0], foreign)).rejects.toThrow(core.InvalidArgumentError);
    await expect(audits.verdict(original, retrain[0], request, { remainder: 1 })).rejects.toThrow(/remainder/);
  });

  test("test rows of pairs that were trained on are counted", async () => {
    const found = await audits.verdict(original, retrain[0], request, { test: train });
    expect(found.untold[0]).toMatch(new RegExp(`^${train.user.length} of ${train.user.length} test rows are of pairs`));
    expect((await audits.verdict(original, retrain[0], request)).untold[0]).toMatch(/^Without test rows/);
  });

  test("it shows itself as text, Markdown and HTML, and stands in records as JSON", async () => {
    const found = await audits.verdict(
      original,
      await refit(3),
      { ...request, name: "<b>" },
      { retrain, test: testRows },
    );
    expect(found.toText()).toContain(found.sentences[0]);
    expect(found.toMarkdown()).toContain(`**${found.sentences[0]}**`);
    expect(found.toHtml()).not.toContain("<b>");
    const kept = JSON.parse(JSON.stringify(found)) as audits.VerdictContent;
    expect(kept).toMatchObject({ outcome: "forgotten", retrainings: 2, criteria: { remainder: 0.05, leastRows: 10 } });
  });

  test("neural MF and LightGCN are judged alike", async () => {
    const small = { epochs: 8, seed: 1, batchSize: 512 };
    const lightgcn = await training.fitLightGcn(train, valid, { ...small, learningRate: 1e-2, embeddingSize: 8 });
    const again = (seed: number) =>
      training.refitLightGcn({ ...lightgcn, options: { ...lightgcn.options, seed } }, stay);
    const given = { retrain: [await again(1), await again(2)], test: testRows, rankedUsers: 5 };
    const found = await audits.verdict(lightgcn, await again(3), request, given);
    expect(found.isForgotten).not.toBe(false); // too short a training for more
    const neural = (seed: number) =>
      models.NeuralMf.initialise({ ...train, embeddingSize: 4, hiddenSize: 4, initialDeviation: 0.1, seed });
    const untrained = await audits.verdict(neural(1), neural(2), request, { retrain: [neural(3), neural(4)] });
    expect(untrained.outcome).toBe("cannot be told");
  });
});
