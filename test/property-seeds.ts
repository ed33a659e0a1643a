import fc from "fast-check";

/**
 * Property tests draw the same examples in every `npm test`, so that a change is judged by what it does and not by the
 * draw. `npm run test:full` draws others, and ten times as many; a failure prints its seed.
 */
const full = process.env["RECSYS_TEST_FULL"] === "1";
fc.configureGlobal(full ? { numRuns: 1000 } : { seed: 1 });
