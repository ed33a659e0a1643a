import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const full = process.env["RECSYS_TEST_FULL"] === "1";

/**
 * Suites that need modules of their own: they replace a module for all that import it, or make a second memory of the
 * engine.
 */
const apart = [
  "test/core/files.test.ts",
  "test/engine/*.test.ts",
  "test/experiments/faults.test.ts",
  "test/experiments/worker-process.test.ts",
  "test/experiments/write-order.test.ts",
];
const long = full ? [] : ["test/**/*.full.test.ts"];

/** Suites that take long, by what they start: begun last, one of them would keep a single core busy at the end. */
const slow = /[/](course|kernel|package|commands|experiments|figures)[/]/;

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => slow.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

// Tests import the sources; what needs a process of its own (the kernel, the command lines) runs what `npm run build`
// made. `*.full.test.ts` holds the long rounds of `npm run test:full`. Suites share the modules of their worker: to
// load them anew for each took as long as half of the tests.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^recsys-unlearning$/, replacement: at("./lib/index.ts") },
      { find: /^recsys-unlearning\/(.+)$/, replacement: at("./lib") + "/$1/index.ts" },
      { find: /^recsys-unlearning-kernel$/, replacement: at("./kernel/index.ts") },
      { find: /^recsys-unlearning-kernel\/course$/, replacement: at("./kernel/course/index.ts") },
    ],
  },
  test: {
    pool: "forks",
    maxWorkers: "100%", // by default a core is left idle, which of two is half; one more than cores took longer
    testTimeout: full ? 600_000 : 120_000, // machines are shared: a test that hangs, not one that waits its turn
    hookTimeout: 120_000,
    env: { TZ: "UTC", RECSYS_THREADS: "1" }, // as many processes as cores; tests of threads make their own
    sequence: { sequencer: SlowFirst },
    setupFiles: ["test/remove-folders.ts", "test/property-seeds.ts"],
    projects: [
      {
        extends: true,
        test: { name: "apart", include: apart, exclude: long, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: "shared",
          setupFiles: ["test/each-file.ts", "test/property-seeds.ts"],
          include: ["test/**/*.test.ts"],
          exclude: [...apart, ...long],
          isolate: false,
        },
      },
    ],
  },
});
