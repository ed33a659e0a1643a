import { InvalidArgumentError } from "recsys-unlearning/core";
import { builtInParts } from "recsys-unlearning/reproduction";
import { expect, it } from "vitest";
import { joined } from "../../lib/reproduction/join-parts";

it("tables of parts are joined in their order; two parts of one name are refused by it", () => {
  expect(Object.entries(joined("methods", { b: 1 }, { a: 2 }))).toEqual([
    ["b", 1],
    ["a", 2],
  ]);
  const { methods } = builtInParts;
  const taken = { "popularity-estimate": methods["ifru"] };
  const joining = () => joined("methods", methods, taken);
  expect(joining).toThrow(InvalidArgumentError);
  expect(joining).toThrow(/two methods have the name "popularity-estimate"[^]*remedy/);
});
