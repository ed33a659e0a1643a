import { expect, it } from "vitest";
import { builtInParts, claimsPage, claimsTable, type ClaimsReport } from "recsys-unlearning/reproduction";
import { evaluateOwnClaim } from "../../../lib/reproduction/claims/own-claims";
import { aboveRetrain, differing, evaluated } from "./made-up";

const nothing = async () => null;
const own = { id: "own", claim: "Ours is right.", view: "ifru-validity", bound: 0.75 };
const rows = [...differing([0.03, 0.04, 0.05]), ...differing([0.2], "bookcrossing")];
const reportOf = async (): Promise<ClaimsReport> => ({
  about: ["The rules."],
  found: [await evaluated(rows, aboveRetrain)],
  ours: [await evaluateOwnClaim(own, nothing)],
  remarks: [
    { claim: "made-up", text: "Look closer." },
    { claim: "another", text: "Not here." },
  ],
  records: [{ view: "ifru-accuracy", preset: "full", runs: 9 }],
});

it("says verdict, reading, counts, cases, records and remarks", async () => {
  const page = claimsPage(await reportOf(), builtInParts);
  expect(page).toContain("| made-up | It is so. | As it stands. | reproduced | 1 | 0 | 1 |");
  expect(page).toMatch(
    /\| ML-100K \| MF \| 2 % mislabelled \| IFRU \(paper\) − Retrain, AUC \| \+0\.0400 \(\+0\.0152 to \+0\.0648\) \| above 0 \| 3 \| 0\.01 \| 0\.99 \| holds \|/,
  );
  expect(page).toContain("| +0.2000 | above 0 | 1 | – | – | undecided (one seed) |");
  expect(page).toContain("[ifru-accuracy-full.jsonl](../figures/records/ifru-accuracy-full.jsonl): 9 runs");
  expect(page).toContain("_Remark:_ Look closer.");
  expect(page).not.toContain("Not here.");
  expect(page).toContain("| Ours is right. | ifru-validity | not run yet |");
});

it("shows what is found of a claim of our own once it is evaluated", async () => {
  const found = { verdict: "reproduced", found: "0.8" } as const;
  expect(await evaluateOwnClaim(own, nothing, { own: async () => found })).toEqual({ claim: own, ...found });
  expect(await evaluateOwnClaim(own, nothing, { own: async () => null })).toMatchObject({
    verdict: "not run yet",
    found: "",
  });
});

it("is a table for a notebook, with the number of cases beside each verdict", async () => {
  const { found } = await reportOf();
  const [first, second] = claimsTable(found, builtInParts).rows;
  expect(first).toMatchObject({
    ...{ claim: "It is so.", verdict: "reproduced (1 holds, 1 undecided)", where: "ML-100K, MF" },
    ...{
      found: "+0.0400 (+0.0152 to +0.0648)",
      compared: "IFRU (paper) − Retrain, AUC: above 0",
      seeds: 3,
      p: "0.01",
      opposite: "0.99",
      outcome: "holds",
    },
  });
  expect(second).toMatchObject({ outcome: "undecided (one seed)" });
  const none = await evaluated([], aboveRetrain);
  expect(claimsTable([none], builtInParts).toText()).toContain("no dataset has both rows");
});
