import { fileURLToPath } from "node:url";
import { mergeConfig } from "vitest/config";
import house from "../../vitest.config.mts";
import { testsVariable } from "./in-sample.mjs";

// The house's tests, but for three things. The seed of property tests is fixed: it stands in their names, by which
// Stryker finds the tests that a mutant concerns. Only the area's tests run: Stryker's own setting for that,
// `testFiles`, makes it switch mutants of module constants on too late (9.6.1), so that all of them survive. And the
// house's projects are left out, whose own lists of files would go before that of the area.
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { include, isolate } = JSON.parse(process.env[testsVariable]);
const { projects: _, ...test } = house.test;

export default mergeConfig(
  { ...house, test },
  {
    test: {
      ...{ include, isolate, exclude: ["**/*.full.test.ts"] },
      setupFiles: ["fixed-seed.mjs", ...(isolate ? [] : ["../../test/each-file.ts"])].map(at),
    },
  },
);
