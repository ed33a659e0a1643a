import { describe, expect, it } from "vitest";
import {
  aboveOtherEstimates,
  abovePaper,
  scoreAbove,
  shareAbove,
} from "../../../lib/reproduction/claims/validity-claims";

type Row = Parameters<typeof scoreAbove>[1][number];

const claim = (bound: number) => ({ id: "made-up", claim: "It is so.", view: "ifru-validity", bound });

/** A row of ifru-validity with a score of an interval of .01 to either side. */
function row(method: string, score: number, options: Row["options"]["method"], keptShare = 0.9, ceiling = 0.8): Row {
  const of = (mean: number) => ({ mean, sd: null, n: 1, interval: null, values: [mean] });
  return {
    dataset: "ml-100k",
    backbone: "mf",
    method,
    options: { data: {}, training: {}, request: { kind: "subsets", keptShare }, method: options },
    metrics: {
      "attribution-score": of(score),
      "attribution-low": of(score - 0.01),
      "attribution-high": of(score + 0.01),
      "attribution-ceiling": of(ceiling),
    },
  };
}

const ifru = (score: number, originals = 1, keptShare = 0.9, mode = "principled") =>
  row("ifru-influence", score, { mode, hops: 0, pruningRatio: 0, originals }, keptShare);
const gradients = (score: number, keptShare = 0.9, originals = 1) =>
  row("gradient-influence", score, { checkpoints: 1, originals }, keptShare);

describe("a level that IFRU on several Originals is to reach with 90 % kept", () => {
  it.each([
    [0.8, "reproduced"],
    [0.755, "not testable here"],
    [0.7, "not reproduced"],
  ])("a score of %f is %s by its whole interval", (score, verdict) => {
    const rows = [ifru(0.9), ifru(0.9, 2), ifru(score, 10), ifru(0.9, 20, 0.5), ifru(0.9, 20, 0.9, "paper")];
    expect(scoreAbove(claim(0.75), rows).verdict).toBe(verdict);
  });

  it("is also one over what another training reaches", () => {
    expect(shareAbove(claim(0.95), [ifru(0.8, 10)])).toEqual({
      verdict: "reproduced",
      found: "1.000 (0.988 to 1.012), 10 Originals",
    });
    expect(shareAbove(claim(1.05), [ifru(0.8, 10)]).verdict).toBe("not reproduced");
  });

  it("is not testable without such a row", () => {
    expect(scoreAbove(claim(0.75), [ifru(0.9)]).verdict).toBe("not testable here");
  });
});

describe("IFRU on one Original beside other estimates", () => {
  it("is above where the intervals lie apart, under the same circumstances alone", () => {
    const rows = [ifru(0.8), gradients(0.7), gradients(0.9, 0.5), gradients(0.9, 0.9, 10)];
    expect(aboveOtherEstimates(claim(0), rows)).toEqual({
      verdict: "reproduced",
      found: "90 % kept: 0.800 against 0.700 (gradient products)",
    });
  });

  it("is contradicted by one case below, and undecided where intervals meet", () => {
    expect(
      aboveOtherEstimates(claim(0), [ifru(0.8), gradients(0.7), ifru(0.6, 1, 0.5), gradients(0.7, 0.5)]),
    ).toMatchObject({
      verdict: "not reproduced",
    });
    expect(aboveOtherEstimates(claim(0), [ifru(0.8), gradients(0.795)]).verdict).toBe("not testable here");
  });

  it("is compared on each dataset and backbone by itself, LightGCN as it is by default", () => {
    const elsewhere = (found: Row, where: Partial<Row>): Row => ({ ...found, ...where });
    const books = [ifru(0.5), gradients(0.6)].map((found) => elsewhere(found, { dataset: "bookcrossing" }));
    const graph = (score: number, options: object) => {
      const own = { hops: 1, spillover: "changed", hessian: "propagated", ...options };
      const found = ifru(score);
      return {
        ...found,
        backbone: "lightgcn",
        options: { ...found.options, method: { ...found.options.method, ...own } },
      };
    };
    const rows = [ifru(0.8), gradients(0.7), ...books, graph(0.6, {}), graph(0.1, { spillover: "none" })];
    expect(aboveOtherEstimates(claim(0), [...rows, elsewhere(gradients(0.4), { backbone: "lightgcn" })])).toEqual({
      verdict: "not reproduced",
      found:
        "90 % kept: 0.800 against 0.700 (gradient products); " +
        "bookcrossing, 90 % kept: 0.500 against 0.600 (gradient products); " +
        "lightgcn, 90 % kept: 0.600 against 0.400 (gradient products)",
    });
    expect(scoreAbove(claim(0.75), [elsewhere(ifru(0.9, 10), { dataset: "bookcrossing" })]).verdict).toBe(
      "not testable here",
    );
  });

  it("is held to the authors' recipe alone where that is the claim", () => {
    const rows = [ifru(0.8), ifru(0.7, 1, 0.9, "paper"), gradients(0.9)];
    expect(abovePaper(claim(0), rows).verdict).toBe("reproduced");
  });
});
