/**
 * What can be put to the test of mutants: the folder whose code is changed, and the tests that are to notice. `built`
 * says that they start what `npm run build` made, so that changed code has to be built, and runs in other processes.
 */
export const areas = {
  core: { folder: "lib/core", tests: ["test/core"] },
  ifru: { folder: "lib/ifru", tests: ["test/ifru", "test/methods/ratings-modes.test.ts"] },
  cau: { folder: "lib/cau", tests: ["test/cau", "test/methods"] },
  "experiments/store": { folder: "lib/experiments/store", tests: ["test/experiments"] },
  metrics: { folder: "lib/metrics", tests: ["test/metrics"] },
  "kernel/server": { folder: "kernel/server", tests: ["test/kernel"], built: true },
};
