// Tooltips and help(): every public function has an example that compiles, and says what it throws.
import { describe, expect, it } from "vitest";
import * as lib from "recsys-unlearning";
import { areas, publicFunctions } from "./public-functions";
import { mistakesIn } from "./type-check";

const functions = areas().flatMap(publicFunctions);
const named = (chosen: typeof functions) => chosen.map(({ area, name }) => `${area}/${name}`).sort();

describe("every public function", () => {
  it("has an example, and says what it throws", () => {
    expect(named(functions.filter(({ examples }) => examples.length === 0))).toEqual([]);
    expect(named(functions.filter(({ hidesErrors }) => hidesErrors))).toEqual([]);
  });

  it("is found", () => {
    expect(functions.length).toBeGreaterThan(300);
    expect(named(functions)).toEqual(
      expect.arrayContaining([
        "ifru/explain",
        "ifru/ifru.unlearn",
        "cau/cau.unlearn",
        "baselines/sisa.unlearn",
        "baselines/retrain.unlearn",
        "baselines/sru.prepare",
      ]),
    );
  });
});

/** Data that a method must be given in some mode, such as validation rows: options without a default. */
function dataOf(method: object): string[] {
  const fields = (method as { description?: { options?: { fields: lib.core.OptionFields } } }).description?.options
    ?.fields;
  return Object.entries(fields ?? {}).flatMap(([name, { isGiven, initial }]) =>
    isGiven && initial === null ? [name] : [],
  );
}

it("every method says which data it must be given", () => {
  const methods = Object.entries({ ...lib.ifru, ...lib.cau, ...lib.baselines });
  const needs = methods.flatMap(([name, method]) =>
    (typeof method === "object" && "unlearn" in method ? dataOf(method) : []).map((data) => ({ name, data })),
  );
  expect(needs.length).toBeGreaterThan(5);
  const silent = needs.filter(({ name, data }) => {
    const its = functions.filter((one) => one.name === `${name}.unlearn`);
    return !its.some(({ comment }) => comment.includes(`\`${data}\``));
  });
  expect(silent).toEqual([]);
});

it("every example compiles", () => {
  const examples = functions.flatMap(({ area, name, examples: codes }) =>
    codes.map((code) => ({ where: `${area}/${name}`, code })),
  );
  const wrong = { where: "wrong", code: "fitMf(train, 5);" };
  const found = mistakesIn([...examples, wrong]);
  expect(found.filter((mistake) => !mistake.startsWith("wrong"))).toEqual([]);
  // The check sees mistakes at all.
  expect(found.filter((mistake) => mistake.startsWith("wrong"))).toHaveLength(1);
});
