import { fc, test as property } from "@fast-check/vitest";
import { core } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import type { ReadOptions } from "../../lib/data/reading/read-options";
import { rowsOf } from "./interactions.fixture";
import { expectAsReference, parseInChunks } from "./parsing.fixture";

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, options: ReadOptions = {}) => parseInChunks(encode(text), options, [1 << 20]);
const rows = (text: string, options: ReadOptions = {}) => rowsOf(parse(text, options).interactions);

describe("formats that are told from the first line", () => {
  const ratings = [
    { user: "196", item: "242", label: 3, time: 881250949 },
    { user: "186", item: "302", label: 3.5, time: 891717742 },
  ];
  test.each([
    ["CSV", "user,item,rating,timestamp\n196,242,3,881250949\n186,302,3.5,891717742\n"],
    ["u.data", "196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n"],
    ["ratings.dat", "196::242::3::881250949\n186::302::3.5::891717742\n"],
    [
      ".inter",
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n186\t302\t3.5\t891717742",
    ],
    ["other order", "rating;Timestamp;movieId;userId\r\n3;881250949;242;196\r\n3.5;891717742;302;186\r\n"],
    ["quoted", '"User-ID","ISBN","Book-Rating","time"\n"196","242","3","881250949"\n"186","302","3.5","891717742"\n'],
  ])("%s", (_, text) => {
    expect(rows(text)).toEqual(ratings);
  });

  test("no ratings and no times mean implicit feedback", () => {
    expect(rows("user item\nanna up\nben up\n")).toEqual([
      { user: "anna", item: "up", label: 1 },
      { user: "ben", item: "up", label: 1 },
    ]);
    expect(rows("user,item,rating,timestamp\na,b,,\n")).toEqual([{ user: "a", item: "b", label: 1 }]);
  });

  test("times that are missing here and there are NaN", () => {
    expect(rows("u,i,r,t\na,b,1,7\na,c,1,\n", { columns: { user: "u", item: "i", rating: "r", time: "t" } })).toEqual([
      { user: "a", item: "b", label: 1, time: 7 },
      { user: "a", item: "c", label: 1, time: NaN },
    ]);
  });
});

describe("options", () => {
  test("columns by name, by position, and ignored", () => {
    const text = "when,who,what,stars\n5,anna,up,4\n";
    const expected = { user: "anna", item: "up", label: 4 };
    expect(rows(text, { columns: { user: "who", item: "what", rating: "stars" } })).toEqual([expected]);
    expect(rows(text, { columns: { user: 1, item: 2, rating: 3, time: 0 } })).toEqual([{ ...expected, time: 5 }]);
    expect(rows("user,item,rating\na,b,5\n", { columns: { rating: null } })).toEqual([
      { user: "a", item: "b", label: 1 },
    ]);
  });

  test("milliseconds become seconds, as asked or found", () => {
    const text = "user,item,rating,time\na,b,1,1500000000500\n";
    expect(rows(text, { timeUnit: "milliseconds" })[0].time).toBe(1500000000.5);
    expect(rows(text)[0].time).toBe(1500000000.5);
    expect(() => parse(text, { timeUnit: "seconds" })).toThrow(
      /after the year 5000[\s\S]*file:2[\s\S]*timeUnit: "mill/,
    );
  });

  test.each<[string, ReadOptions, RegExp]>([
    ["a,b\n1,2\n", {}, /no user column and no item column[\s\S]*file:1[\s\S]*columns: \{ user: "a", item: "b" \}/],
    ["user,b\n1,2\n", {}, /no item column/],
    ["user,item\n1,2\n", { columns: { user: "usr" } }, /no column "usr" for the user[\s\S]*did you mean "user"/],
    ["user,item\n1,2\n", { columns: { user: 2 } }, /the user column is 2, but lines have 2 fields/],
    ["1,2\n3,4\n", { columns: { user: "who" } }, /named "who", but the file has no header/],
    ["user,item,Item_ID\n1,2,3\n", {}, /columns "item" and "Item_ID" both name the item/],
    ["user\n1\n", {}, /only one field/],
  ])("%j with %j is refused by its first line", (text, options, message) => {
    expect(() => parse(text, options)).toThrow(message);
  });

  test("bad rows are dropped and counted, and leave no ids behind", () => {
    const { interactions, droppedRows } = parse("user,item,rating\na,x,5\nb,y,none\nc,z\nd,x,\n,x,1\na,y,2\n", {
      badRows: "drop",
    });
    expect(rowsOf(interactions)).toEqual([
      { user: "a", item: "x", label: 5 },
      { user: "a", item: "y", label: 2 },
    ]);
    expect([interactions.userCount, interactions.itemCount]).toEqual([1, 2]);
    expect(droppedRows).toEqual({
      "a rating that is not a finite number": 1,
      "a row of 2 fields where the first has 3": 1,
      "an empty rating among rated rows": 1,
      "a user id that is empty, not UTF-8 or holds NUL or a line break": 1,
    });
  });
});

describe("numbers", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e11, max: 1e11 }).map(String),
    fc.integer({ min: 0, max: 1e10 }).map(String),
    fc.constantFrom("5", "5.0", "4.5", "-1", "+3", ".5", "5.", "1e3", "1E-2", " 4", "4\t", "-0", "00012"),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 10n }), fc.bigInt({ min: 0n })).map(([a, b]) => `${a}.${b}`),
  );
  property.prop([number])("are read as JavaScript reads them", (text) => {
    expect(rows(`user,item,time\na,b,${text}\n`)[0].time).toBe(Number(text));
  });

  test.each(["NaN", "Infinity", "-inf", "1e400", "1e39", "five", "0x10", "1_000", "--1", "1e", ".", "-", "٣", "1 2"])(
    "%j is not a rating",
    (text) => {
      const failing = () => parse(`user;item;rating\na;b;${text}\n`);
      expect(failing).toThrow(core.InvalidDataError);
      expect(failing).toThrow(/a rating that is not a finite number\n {2}at file:2\n {2}remedy: .*badRows/);
    },
  );
});

describe("against the slow reference", () => {
  const fieldText = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom("a", "b", "7", "007", "9007199254740993", "é", "__proto__", "constructor"),
    },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'a",;:\t\n\r\0 \\'), maxLength: 6 }) },
  );
  const cell = fc
    .tuple(fieldText, fc.boolean())
    .map(([text, quoted]) => (quoted ? `"${text.replace(/"/g, '""')}"` : text));
  const ratingText = fc.constantFrom("", "1", "5", "3.5", "NaN", '"4"');
  const layout = fc.record({
    delimiter: fc.constantFrom(",", "\t", "::", ";"),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    mark: fc.constantFrom("", "\uFEFF"),
    lastEnd: fc.boolean(),
    badRows: fc.constantFrom("error" as const, "drop" as const),
  });
  const table = fc.array(fc.tuple(cell, cell, ratingText, ratingText), { maxLength: 12 });

  property.prop([table, layout, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })], {
    numRuns: 400,
  })("any table, in chunks of any size", (drawn, { delimiter, lineEnd, mark, lastEnd, badRows }, sizes) => {
    const lines = [["user", "item", "rating", "timestamp"], ...drawn].map((row) => row.join(delimiter));
    const text = mark + lines.join(lineEnd) + (lastEnd ? lineEnd : "");
    expectAsReference(encode(text), { badRows }, sizes);
  });
});
