import { fc, test as property } from "@fast-check/vitest";
import { data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import type { ReadOptions } from "../../lib/data/reading/read-options";
import { parseInChunks } from "./parsing.fixture";

type Row = readonly [user: string, item: string, label: number, time: number];

function read(rows: readonly Row[], options: ReadOptions): { rows: Row[]; repeated: number } {
  const text = ["user,item,rating,timestamp", ...rows.map((row) => row.join(","))].join("\n");
  const { interactions, repeatedRows } = parseInChunks(new TextEncoder().encode(text), options, [1 << 20]);
  const { user, item, label, time, users, items } = interactions;
  return {
    rows: Array.from(user, (one, k) => [users.toRaw(one), items.toRaw(item[k]), label[k], time![k]] as const),
    repeated: repeatedRows,
  };
}

const rows: readonly Row[] = [
  ["1", "10", 5, 1],
  ["2", "10", 4, 7],
  ["1", "10", 2, 3],
  ["1", "11", 3, 2],
  ["1", "10", 5, 1],
];

describe("rows with the same user and item", () => {
  test.each<[NonNullable<ReadOptions["keep"]>, readonly Row[]]>([
    ["all", rows],
    ["first", [rows[0], rows[1], rows[3]]],
    ["last", [rows[1], rows[3], rows[4]]],
    ["sum", [["1", "10", 12, 3], rows[1], rows[3]]],
    ["mean", [["1", "10", 4, 3], rows[1], rows[3]]],
  ])("keep: %s", (keep, expected) => {
    expect(read(rows, { keep })).toEqual({ rows: expected, repeated: 2 });
  });

  test("ids are numbered by first appearance among the rows that are kept", () => {
    const text = new TextEncoder().encode("user,item\na,x\nb,y\na,x\n");
    const { interactions } = parseInChunks(text, { keep: "last" }, [64]);
    expect([interactions.users.toRaw(0), interactions.items.toRaw(0)]).toEqual(["b", "y"]);
    expect(data.rowCount(interactions)).toBe(2);
  });

  const row = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"), fc.constantFrom(1, 2, 5), fc.nat(9));
  property.prop([fc.array(row, { minLength: 1, maxLength: 12 })])("as a slow reference merges them", (drawn) => {
    const pairs = groups(drawn);
    const sums = [...pairs.values()].map((same) => [same[0][0], same[0][1], total(same), latest(same)]);
    expect(read(drawn, { keep: "sum" })).toEqual({ rows: sums, repeated: drawn.length - pairs.size });
    expect(read(drawn, { keep: "first" }).rows).toEqual([...pairs.values()].map(([first]) => first));
  });
});

const total = (same: readonly Row[]) => same.reduce((sum, [, , label]) => sum + label, 0);
const latest = (same: readonly Row[]) => Math.max(...same.map(([, , , time]) => time));

function groups(drawn: readonly Row[]): Map<string, Row[]> {
  const pairs = new Map<string, Row[]>();
  for (const row of drawn) {
    const key = `${row[0]} ${row[1]}`;
    pairs.set(key, [...(pairs.get(key) ?? []), row]);
  }
  return pairs;
}
