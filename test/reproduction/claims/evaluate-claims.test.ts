import { describe, expect, it } from "vitest";
import { builtInParts, evaluateClaim } from "recsys-unlearning/reproduction";
import { aboveRetrain, claimOf, differing, evaluated } from "./made-up";

const clear = [0.03, 0.04, 0.05, 0.035]; // p = 0.001 of being above 0
const slight = [0.001, 0.02, 0.028, 0.012]; // p = 0.04
const none = [0.03, -0.04, 0.01, -0.002];
const negative = (values: readonly number[]) => values.map((value) => -value);
const outcomes = async (...given: Parameters<typeof evaluated>) => {
  const { cases, verdict } = await evaluated(...given);
  return [...cases.map(({ outcome }) => outcome), verdict];
};

describe("the outcome of a case", () => {
  it.each([
    ["holds", clear, "reproduced"],
    ["contradicted", negative(clear), "not reproduced"],
    ["undecided", none, "not testable here"],
  ])("%s", async (outcome, by, verdict) => {
    expect(await outcomes(differing(by), aboveRetrain)).toEqual([outcome, verdict]);
  });

  it("is by seed: what differs in every pair alike is seen through the spread between seeds", async () => {
    const rows = differing(clear);
    expect(await outcomes(rows, aboveRetrain)).toEqual(["holds", "reproduced"]);
    const mixed = [rows[0], { ...rows[1], seeds: [4, 3, 2, 1] }];
    expect(await outcomes(mixed, aboveRetrain)).toEqual(["undecided", "not testable here"]);
  });

  it("is one-sided", async () => {
    const { cases } = await evaluated(differing(slight), aboveRetrain);
    expect(cases[0].p!.holds).toBeGreaterThan(0.025); // two-sided it would be above .05
    expect(cases[0].outcome).toBe("holds");
    expect(cases[0].p!.opposite).toBeCloseTo(1 - cases[0].p!.holds, 9);
  });

  it("is corrected for the cases of the claim (Holm), and for those alone that can be tested", async () => {
    const other = differing(none, "bookcrossing");
    expect(await outcomes([...differing(slight), ...other], aboveRetrain)).toContain("not testable here");
    const oneSeed = differing([0.1], "bookcrossing");
    expect(await outcomes([...differing(slight), ...oneSeed], aboveRetrain)).toEqual([
      ...["holds", "undecided"],
      "reproduced",
    ]);
  });

  it("needs two seeds that both have a value", async () => {
    const { cases, verdict } = await evaluated(differing([0.03, null, null]), aboveRetrain);
    expect(cases[0]).toMatchObject({ seeds: [1], p: null, outcome: "undecided" });
    expect(cases[0].effect).toEqual({ mean: expect.closeTo(0.03, 9), interval: null });
    expect(verdict).toBe("not testable here");
    const nothing = await evaluated(differing([null]), aboveRetrain);
    expect(nothing.cases[0]).toMatchObject({ seeds: [], effect: null, outcome: "undecided" });
  });

  it("of below is the reverse of above, and a bound is what it is held to", async () => {
    const below = { ...aboveRetrain, holds: "below" as const };
    expect(await outcomes(differing(clear), below)).toEqual(["contradicted", "not reproduced"]);
    expect(await outcomes(differing(negative(clear)), below)).toEqual(["holds", "reproduced"]);
    expect(await outcomes(differing(clear), { ...aboveRetrain, bound: 0.1 })).toContain("contradicted");
    expect(await outcomes(differing(clear), { ...aboveRetrain, bound: 0.039 })).toContain("undecided");
  });
});

describe("within", () => {
  const within = (bound: number) => ({ ...aboveRetrain, holds: "within" as const, bound });

  it("takes two one-sided tests: inside, beyond on either side, and too near to tell", async () => {
    expect(await outcomes(differing(clear), within(0.1))).toContain("holds");
    expect(await outcomes(differing(negative(clear)), within(0.1))).toContain("holds");
    expect(await outcomes(differing(clear), within(0.01))).toContain("contradicted");
    expect(await outcomes(differing(negative(clear)), within(0.01))).toContain("contradicted");
    expect(await outcomes(differing(clear), within(0.04))).toContain("undecided");
  });

  it("does not hold for what no test tells from 0", async () => {
    expect(await outcomes(differing([0.3, -0.4, 0.1, -0.02]), within(0.01))).toContain("undecided");
  });

  it("doubles p of the opposite, which has two sides", async () => {
    const bound = 1e-9; // then both are tests against 0
    const [above, both] = [aboveRetrain, within(bound)];
    const [one] = (await evaluated(differing(slight), above)).cases;
    const [two] = (await evaluated(differing(slight), both)).cases;
    expect(two.p!.opposite).toBeCloseTo(2 * one.p!.holds, 5);
    expect([one.outcome, two.outcome]).toEqual(["holds", "undecided"]);
  });
});

describe("faster", () => {
  const faster = { ...aboveRetrain, metric: "seconds", holds: "faster" as const, bound: 10 };
  const timed = (seconds: readonly number[], theirs: readonly number[]) => [
    { seconds },
    { method: "retrain", options: {}, seconds: theirs },
  ];

  it("takes the logarithms of ratios by seed, and says their geometric mean", async () => {
    const found = await evaluated(timed([1, 2, 4], [20, 80, 40]), faster);
    expect(found.cases[0].effect!.mean).toBeCloseTo(20, 9); // of 20, 40 and 10; their mean would be 23.3
    const [low, high] = found.cases[0].effect!.interval!;
    expect(low * high).toBeCloseTo(400, 6);
  });

  it("holds above the factor, not at a ratio above 1", async () => {
    expect(await outcomes(timed([1, 1, 1.1], [20, 21, 22]), faster)).toEqual(["holds", "reproduced"]);
    expect(await outcomes(timed([1, 1, 1.1], [2, 2.1, 2.2]), faster)).toEqual(["contradicted", "not reproduced"]);
  });

  it("is not won by one seed with a long pause", async () => {
    const paused = timed([1, 1, 1, 1], [12, 12.5, 11.5, 400]);
    expect(await outcomes(paused, faster)).toEqual(["undecided", "not testable here"]);
  });
});

describe("a claim", () => {
  it("is not reproduced where one case contradicts it, however many hold", async () => {
    const rows = [...differing(clear), ...differing(clear, "bookcrossing"), ...differing(negative(clear), "ml-1m")];
    expect(await outcomes(rows, aboveRetrain)).toEqual(["holds", "holds", "contradicted", "not reproduced"]);
  });

  it("is reproduced where some are undecided", async () => {
    const rows = [...differing(clear), ...differing(none, "bookcrossing")];
    expect(await outcomes(rows, aboveRetrain)).toEqual(["holds", "undecided", "reproduced"]);
  });

  it("tests a value itself where nothing stands against it", async () => {
    const { against: _, ...alone } = aboveRetrain;
    const rows = [{ auc: [0.71, 0.72, 0.7] }];
    const { cases } = await evaluated(rows, { ...alone, bound: 0.6 });
    expect(cases[0]).toMatchObject({ compared: "IFRU (paper)", outcome: "holds", seeds: [1, 2, 3] });
    expect(cases[0].effect!.mean).toBeCloseTo(0.71, 9);
  });

  it("compares within a dataset and request alone, those that were asked for", async () => {
    const [ours, theirs] = differing(clear);
    const user = { request: { kind: "user" } };
    expect((await evaluated([ours, { ...theirs, ...user }], aboveRetrain)).cases).toEqual([]);
    expect((await evaluated([ours, { ...theirs, dataset: "ml-1m" }], aboveRetrain)).cases).toEqual([]);
    const both = [ours, theirs, { ...ours, ...user }, { ...theirs, ...user }];
    expect((await evaluated(both, aboveRetrain)).cases.map(({ request }) => request)).toEqual([
      ...["2 % mislabelled", "one user"],
    ]);
    const asked = await evaluated(both, { ...aboveRetrain, where: { request: "user" } });
    expect(asked.cases.map(({ request }) => request)).toEqual(["one user"]);
  });

  it("compares the row with the options that were named", async () => {
    const [ours, theirs] = differing(clear);
    const other = { ...ours, options: { mode: "principled" }, auc: [0, 0, 0, 0] };
    expect(await outcomes([other, ours, theirs], aboveRetrain)).toEqual(["holds", "reproduced"]);
  });

  it("compares two requests where it names them", async () => {
    const asked = (share: number) => ({ kind: "session-items", share });
    const cau = { method: "cau", dataset: "amazon-beauty", options: { mode: "paper" } };
    const rows = [
      { ...cau, request: asked(0.01), auc: [0.5, 0.6] },
      { ...cau, request: asked(0.2), auc: [0.4, 0.49] },
    ];
    const of = (share: number) => ({ method: "cau", request: { share } });
    const { cases } = await evaluated(rows, { ...aboveRetrain, subject: of(0.01), against: of(0.2) });
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ request: "as compared", outcome: "holds" });
    expect(cases[0].compared).toMatch(/: share 0\.01 − share 0\.2$/);
  });

  it("is not tested on two rows that a pattern does not tell apart", async () => {
    const [ours, theirs] = differing(clear);
    const rows = [ours, { ...ours, options: { mode: "paper", pruningRatio: 0.4 } }, theirs];
    await expect(evaluated(rows, aboveRetrain)).rejects.toThrow(/2 rows of ifru[^]*claim made-up, test 1, subject/);
  });

  it("has no case where a view has no records", async () => {
    const found = await evaluateClaim(claimOf(aboveRetrain), async () => null, builtInParts);
    expect(found).toMatchObject({ cases: [], verdict: "not testable here" });
  });
});
