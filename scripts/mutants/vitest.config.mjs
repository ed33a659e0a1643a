import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import house from "../../vitest.config.mts";
import { testsVariable } from "./in-sample.mjs";

// The house's tests, but for two things. The seed of property tests is fixed: it stands in their names, by which
// Stryker finds the tests that a mutant concerns. And only the area's tests run: Stryker's own setting for that,
// `testFiles`, makes it switch mutants of module constants on too late (9.6.1), so that all of them survive.
const config = mergeConfig(house, {
  test: { setupFiles: [fileURLToPath(new URL("fixed-seed.mjs", import.meta.url))] },
});
Object.assign(config.test, JSON.parse(process.env[testsVariable]));
export default config;
