import { expect, test } from "vitest";
import { fuzzParser } from "./fuzz.fixture";

test("2,000 mutated files are read as the slow reference reads them, or refused at the same line", () => {
  const { read, refused } = fuzzParser(2_000, 1);
  expect(read).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(200);
});
