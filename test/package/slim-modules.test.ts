import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { temporaryFolder } from "../temporary-folders";

const unread = [
  "one/index.js.map",
  "one/node_modules/two/a.d.ts.map",
  "@tensorflow/tfjs/dist/tf.es2017.min.js",
  "@tensorflow/tfjs-core/dist/tf-core.fesm.js",
  "danfojs-node/node_modules/@tensorflow/tfjs-node/dist/tf.min.js.html",
  "@tensorflow/tfjs-core/dist/ops/add_test.js",
  "binaryen/bin/wasm-opt",
  "zeromq/build/beos/x64/addon.node",
  "one/node_modules/two/README.md",
];
const read = [
  "one/index.js",
  "one/roads.map",
  "one/bin/wasm-opt",
  "one/dist/tf.min.js",
  "one/dist/ops/add_test.js",
  "@tensorflow/tfjs/dist/tf.node.js",
  "@tensorflow/tfjs-core/dist/index.js",
  "@tensorflow/tfjs-core/dist/tensor.js",
  "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js",
  "binaryen/index.js",
  `zeromq/build/${process.platform}/x64/addon.node`,
  "zeromq/build/manifest.json",
  "one/LICENSE.md",
  "one/readme.js",
];

function modulesWith(paths: readonly string[]): string {
  const folder = temporaryFolder("modules-");
  for (const path of paths.map((one) => join(folder, one))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "x".repeat(600_000));
  }
  return folder;
}

const slimmed = (folder: string, env = {}) =>
  execFileSync(process.execPath, [inRepository("scripts", "slim-modules.mjs"), folder], {
    ...{ encoding: "utf8", env: { ...process.env, RECSYS_WHOLE_MODULES: "", ...env } },
  });

test("npm ci leaves out files that nothing here reads, and says how much; the second time there is nothing", () => {
  const folder = modulesWith([...unread, ...read]);
  expect(slimmed(folder)).toMatch(
    /source maps 1 MB, .*TensorFlow\.js 2 MB, .*ZeroMQ 1 MB, pages about packages 1 MB, .*binaryen 1 MB \(RECSYS_WHOLE_MODULES=1/,
  );
  expect(read.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  expect(unread.filter((path) => existsSync(join(folder, path)))).toEqual([]);
  expect(slimmed(folder)).toBe("");
});

test("whoever wants all keeps all", () => {
  const folder = modulesWith(unread);
  expect(slimmed(folder, { RECSYS_WHOLE_MODULES: "1" })).toBe("");
  expect(unread.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
});

test("no folder, no complaint", () => {
  expect(slimmed(join(temporaryFolder("modules-"), "none"))).toBe("");
});
