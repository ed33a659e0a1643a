import { it } from "vitest";

const full = process.env["RECSYS_TEST_FULL"] === "1";

/** A test of the long rounds (`npm run test:full`) among those of `npm test`, which have to be done in five minutes. */
export const long = it.runIf(full);

/** All cases in the long rounds; in `npm test` only the first. */
export function someOf<T>(cases: readonly T[]): readonly T[] {
  return full ? cases : cases.slice(0, 1);
}
