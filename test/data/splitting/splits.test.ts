import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { interactionsOf, rowsOf, type Row, someInteractions } from "../interactions.fixture";

let said: string[];
let silence: () => void;
beforeEach(() => {
  said = [];
  silence = core.redirectAnnouncements((line) => said.push(line));
});
afterEach(() => silence());

const parts = ["train", "valid", "test"] as const;
const keyOf = ({ user, item, label, time }: Row) => JSON.stringify([user, item, label, time]);
const sorted = (rows: readonly Row[]) => rows.map(keyOf).sort();

/** Row by row, as the words of the option have it. */
function slowSplit(set: data.Interactions, by: string, ties: string, share: number, lastCount: number) {
  const rows = rowsOf(set).map((row, at) => ({ ...row, at }));
  const earlier = (a: (typeof rows)[0], b: (typeof rows)[0]) =>
    a.time! - b.time! || (ties === "rows" ? a.at - b.at : b.at - a.at);
  const groups = by === "time" ? [rows] : [...new Set(rows.map(({ user }) => user))].map((user) => rows.filter((row) => row.user === user)); // prettier-ignore
  const made = { train: [] as typeof rows, valid: [] as typeof rows, test: [] as typeof rows };
  for (const group of groups.map((one) => [...one].sort(earlier))) {
    const count = by === "leave-last-out" ? (group.length > 2 * lastCount ? lastCount : 0) : Math.round(share * group.length); // prettier-ignore
    made.test.push(...group.splice(group.length - count));
    made.valid.push(...group.splice(group.length - count));
    made.train.push(...group);
  }
  const known = (row: Row) =>
    made.train.some(({ user }) => user === row.user) && made.train.some(({ item }) => item === row.item);
  return { train: made.train, valid: made.valid.filter(known), test: made.test.filter(known) };
}

describe("splitInteractions", () => {
  const chronological = fc.constantFrom("time" as const, "user-time" as const, "leave-last-out" as const);
  const someTies = fc.constantFrom("rows" as const, "reversed" as const);

  property.prop([
    someInteractions,
    chronological,
    someTies,
    fc.constantFrom(0.1, 0.2, 0.3),
    fc.integer({ min: 1, max: 2 }),
  ])("takes the last rows, as the slow one does", (set, by, ties, share, lastCount) => {
    const slow = slowSplit(set, by, ties, share, lastCount);
    const options = { by, ties, lastCount, validShare: share, testShare: share, leaks: "keep" as const };
    if (slow.train.length === 0) return expect(() => data.splitInteractions(set, options)).toThrow(/left to train/);
    const split = data.splitInteractions(set, options);
    for (const part of parts) expect(sorted(rowsOf(split[part]))).toEqual(sorted(slow[part]));
  });

  property.prop([someInteractions, fc.nat(9)])("at random keeps every row of train, and no row twice", (set, seed) => {
    const split = data.splitInteractions(set, { validShare: 0.2, testShare: 0.2, seed, leaks: "keep" });
    const again = data.splitInteractions(set, { validShare: 0.2, testShare: 0.2, seed, leaks: "keep" });
    expect(data.splitHash(split)).toBe(data.splitHash(again));
    expect(split.train.user.length).toBe(set.user.length - 2 * Math.round(0.2 * set.user.length));
    const counted = sorted(parts.flatMap((part) => rowsOf(split[part])));
    const all = sorted(rowsOf(set));
    for (const key of counted) expect(all.splice(all.indexOf(key), 1)).toEqual([key]);
  });

  test("says for how many users the order of ties decides", () => {
    const rows = [1, 2, 3, 3].map((time, k) => ({ user: "a", item: `i${k}`, time }));
    const more = [1, 2, 3, 4].map((time, k) => ({ user: "b", item: `i${k}`, time }));
    data.splitInteractions(interactionsOf([...rows, ...more]), { by: "leave-last-out" });
    expect(said).toContainEqual(expect.stringMatching(/for 1 of 2 users two rows of one time stand at the cut/));
  });

  test("refuses what cannot be: no times, no training rows, shares of one, an unknown word", () => {
    const set = interactionsOf([{ user: "a", item: "x" }, { user: "a", item: "y" }]); // prettier-ignore
    expect(() => data.splitInteractions(set, { by: "time" })).toThrow(/2 of 2 rows have no time[^]*"random"/);
    expect(() => data.splitInteractions(set, { validShare: 0.5, testShare: 0.5 })).toThrow(/take 1[^]*leave a share/);
    expect(() => data.splitInteractions(set, { by: "tiem" as "time" })).toThrow(/did you mean "time"/);
  });
});

describe("leaks", () => {
  const repeated = interactionsOf([
    { user: "a", item: "x", time: 1 },
    { user: "a", item: "y", time: 2 },
    { user: "a", item: "x", time: 3 },
    { user: "a", item: "y", time: 4 },
  ]);
  const split = (leaks?: data.Leaks) =>
    data.splitInteractions(repeated, { by: "leave-last-out", ...(leaks && { leaks }) });

  test("are refused with their number, unless another way is chosen, which is said", () => {
    expect(() => split()).toThrow(/1 of 1 rows of valid, 1 of 1 rows of test[^]*leaks: "drop"/);
    expect([split("drop").valid.user.length, split("drop").test.user.length]).toEqual([0, 0]);
    expect(said).toContainEqual(expect.stringMatching(/1 of 1 rows of test share[^]*left out/));
    expect([split("keep").valid.user.length, split("keep").test.user.length]).toEqual([1, 1]);
    expect([...data.leakedRows(split("keep")).test]).toEqual([0]);
  });

  property.prop([someInteractions])("are the pairs that a table of all pairs finds", (set) => {
    const made = data.splitInteractions(set, { validShare: 0.2, testShare: 0.3, leaks: "keep" });
    const pairs = (part: data.Interactions) => rowsOf(part).map(({ user, item }) => `${user} ${item}`);
    const leaked = data.leakedRows(made);
    const rowsIn = (part: data.Interactions, known: readonly string[]) =>
      pairs(part).flatMap((pair, row) => (known.includes(pair) ? [row] : []));
    expect([...leaked.valid]).toEqual(rowsIn(made.valid, pairs(made.train)));
    expect([...leaked.test]).toEqual(rowsIn(made.test, [...pairs(made.train), ...pairs(made.valid)]));
    const dropped = data.splitInteractions(set, { validShare: 0.2, testShare: 0.3, leaks: "drop" });
    expect(data.leakedRows(dropped)).toEqual({ valid: new Int32Array(0), test: new Int32Array(0) });
  });
});

describe("splitByColumn", () => {
  const set = interactionsOf(["x", "y", "z", "x"].map((item, k) => ({ user: k < 3 ? "a" : "b", item, label: k })));

  test("takes rows by what a column says of them", () => {
    const split = data.splitByColumn(set, ["tr", "tr", "?", "te"], { train: ["tr"], test: ["te"] });
    expect(rowsOf(split.train).map(({ item }) => item)).toEqual(["x", "y"]);
    expect([split.valid.user.length, split.test.user.length]).toEqual([0, 0]);
    expect(said).toContainEqual("splitByColumn: 1 rows belong to no part and are left out");
    expect(said).toContainEqual(expect.stringMatching(/1 of 1 rows of test have a user or item that train does not/));
  });

  test("refuses a column of another length", () => {
    expect(() => data.splitByColumn(set, [1], { train: [1], test: [2] })).toThrow(/1 values for 4 rows/);
  });
});
