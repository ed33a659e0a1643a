import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const full = process.env["RECSYS_TEST_FULL"] === "1";

// Tests import the sources; what needs a process of its own (the kernel, the command lines) runs what `npm run build`
// made. `*.full.test.ts` holds the long rounds of `npm run test:full`.
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
    include: ["test/**/*.test.ts"],
    exclude: full ? [] : ["test/**/*.full.test.ts"],
    pool: "forks",
    maxWorkers: "100%", // by default a core is left idle, which of two is half
    testTimeout: full ? 600_000 : 120_000, // machines are shared: a test that hangs, not one that waits its turn
    hookTimeout: 120_000,
    env: { TZ: "UTC" },
  },
});
