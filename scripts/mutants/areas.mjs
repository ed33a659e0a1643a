/**
 * What can be put to the test of mutants: the folder whose code is changed, and the tests that are to notice. `built`
 * says that they start what `npm run build` made, so that changed code has to be built, and runs in other processes.
 * `apart` says that test files need modules of their own, because they put others in their place or count tensors: each
 * file then loads all anew, which takes twice as long.
 */
export const areas = {
  core: { folder: "lib/core", tests: ["test/core"], apart: true },
  ifru: { folder: "lib/ifru", tests: ["test/ifru", "test/methods/ratings-modes.test.ts"] },
  cau: { folder: "lib/cau", tests: ["test/cau", "test/methods"], apart: true },
  "experiments/store": {
    folder: "lib/experiments/store",
    tests: [
      "test/commands/keep.test.ts",
      ...["code-version", "identity", "replacement", "run-store", "seals", "store-files", "write-order"].map(
        (name) => `test/experiments/${name}.test.ts`,
      ),
    ],
    apart: true,
  },
  metrics: { folder: "lib/metrics", tests: ["test/metrics"] },
  "kernel/server": {
    folder: "kernel/server",
    tests: [
      ...["arguments", "cells", "children", "defects", "folder", "hostile-cells", "inspection", "limits", "outputs"],
      ...["protocol", "questions", "reload", "session"],
    ].map((name) => `test/kernel/${name}.test.ts`),
    built: true,
  },
};
