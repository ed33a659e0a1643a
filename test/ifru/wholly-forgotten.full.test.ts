// Completeness of wholly forgotten users and items on ml-100k, every model, beside Retrain's. Prints the table:
// RECSYS_TEST_FULL=1 npx vitest run test/ifru/wholly-forgotten.full.test.ts
import { describe, expect, it } from "vitest";
import { type IfruSplit, ifruSplit, loadDataset } from "../../lib/data";
import type { ReplaceableParameters } from "../../lib/models";
import { table } from "../../lib/tables";
import { completenessRow, type Subject, subjects, whatIsLeft, wholeRequests } from "./wholly-forgotten.fixture";

/** Above Retrain's, in the share of a list of ten. */
const margin = 0.01;

async function study<M extends ReplaceableParameters<M>>(
  name: string,
  make: (split: IfruSplit) => Promise<Subject<M>>,
): Promise<void> {
  const { interactions } = await loadDataset("ml-100k");
  const split = ifruSplit(interactions, { forgetFraction: 0 });
  const { train } = split;
  const subject = await make(split);
  const rows: object[] = [];
  for (const request of wholeRequests(train, 1)) {
    const left = await whatIsLeft(subject, train, request);
    rows.push(completenessRow(name, request, left));
    expect(left.ifru.norm).toBeLessThanOrEqual(left.retrain.norm);
    if (left.ifru.exposure !== null) expect(left.ifru.exposure).toBeLessThanOrEqual(left.retrain.exposure! + margin);
  }
  console.log(table({ rows: rows as Record<string, string>[], caption: `wholly forgotten, ${name}` }).toText(false));
}

describe("of whole users and items, IFRU leaves what Retrain does", () => {
  it("mf", () => study("mf", subjects.mf));
  it("lightgcn", () => study("lightgcn", subjects.lightgcn));
  it("neural mf", () => study("neural mf", subjects["neural-mf"]), 1_800_000);
});
