import { it } from "vitest";

/** A test of the long rounds (`npm run test:full`) among those of `npm test`, which have to be done in five minutes. */
export const long = it.runIf(process.env["RECSYS_TEST_FULL"] === "1");
