import { expect, it } from "vitest";
import { InvalidOptionError, numberOrWord, resolveOptions } from "recsys-unlearning/core";
import { resolveIfruOptions } from "../../lib/ifru/options";

const defaults: { damping: number | string; hops: number } = { damping: "calibrated", hops: 1 };
const unions = { damping: numberOrWord(["calibrated", "none"], { above: 0 }) };
const resolve = (damping: unknown) => resolveOptions(defaults, { damping } as never, "test", unions).damping;

it("takes a number or one of some words, and the default where nothing is given", () => {
  expect([resolve(0.5), resolve("none"), resolve(undefined)]).toEqual([0.5, "none", "calibrated"]);
});

it.each([
  ["calibratd", /did you mean "calibrated"/],
  [-1, /> 0/],
  [NaN, /NaN/],
  [true, /neither a number nor a word/],
  [null, /give a number or calibrated, none/],
])("refuses %s and says what there is", (given, message) => {
  expect(() => resolve(given)).toThrow(InvalidOptionError);
  expect(() => resolve(given)).toThrow(message);
});

it("serves methods: a misspelt word for a damping is refused with the nearest", () => {
  expect(() => resolveIfruOptions({ damping: "calibrate" as never })).toThrow(/did you mean "calibrated"/);
  expect(resolveIfruOptions({ damping: 1e-3 }).damping).toBe(1e-3);
});
