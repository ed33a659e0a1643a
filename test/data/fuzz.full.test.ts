import { expect, test } from "vitest";
import { fuzzParser } from "./fuzz.fixture";

test("20,000 mutated files are read as the slow reference reads them, or refused at the same line", () => {
  const { read, refused } = fuzzParser(20_000, 2);
  console.log(`fuzz: ${read} files read, ${refused} refused`);
  expect(read + refused).toBe(20_000);
});
