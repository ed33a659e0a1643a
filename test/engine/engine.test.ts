import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { libFolder } from "../../lib/core";
import { isFitNode, requireFitNode } from "../../lib/engine/native/locate";

const cache = mkdtempSync(join(tmpdir(), "engine-cache-"));
afterAll(() => rmSync(cache, { recursive: true }));
const command = join(libFolder(), "dist", "commands", "engine.js");
const lib = JSON.stringify(join(libFolder(), "dist"));

/** Runs a script in a process of its own: a process chooses its engine once. */
function run(engine: string, script: string): { stdout: string; stderr: string; status: number | null } {
  const env = { ...process.env, RECSYS_ENGINE: engine, RECSYS_CACHE: cache };
  return spawnSync(process.execPath, ["-e", `const { engine } = require(${lib});${script}`], { env, encoding: "utf8" });
}

it.each([
  ["", "wasm"],
  ["auto", "wasm"],
  ["wasm", "wasm"],
  ["cpu", "cpu"],
])("RECSYS_ENGINE=%s gives %s and says so once", (asked, name) => {
  const { stdout } = run(asked, "engine.operations(); console.log(engine.engineName())");
  expect(stdout.match(/^engine: /gm)).toHaveLength(1);
  expect(stdout).toMatch(new RegExp(`^engine: ${name} `));
  expect(stdout.trim().split("\n").pop()).toBe(name);
});

it("refuses an unknown engine with the nearest known one", () => {
  const { stderr, status } = run("tensorflw", "engine.engineName()");
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/did you mean "tensorflow"/);
});

it("says how to get the native engine where it is asked for and missing, or which Node it needs", () => {
  const { stderr } = run("tensorflow", "engine.engineName()");
  expect(stderr).toMatch(
    isFitNode() ? /not installed[\s\S]*npm run engine -- native/ : /does not work in Node 2[\s\S]*use Node 20 or 22/,
  );
});

it("says how to get OpenBLAS where it is asked for and missing", () => {
  const { stderr, status } = run("blas", "engine.engineName()");
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/the blas engine is not installed[\s\S]*npm run engine -- blas/);
});

it.each(["23.0.0", "24.21.0", "26.10.0"])(
  "refuses the native engine in Node %s, whose util it cannot use",
  (version) => {
    expect(() => requireFitNode(version)).toThrow(`@tensorflow/tfjs-node 4.22.0 does not work in Node ${version}`);
  },
);

it.each(["20.19.0", "22.23.3"])("takes the native engine in Node %s", (version) => requireFitNode(version));

it("loads no tensor library for closed forms", () => {
  const script = `engine.createWorkspace().float32(3);
    console.log(Object.keys(require.cache).filter((path) => path.includes("tensorflow")).length)`;
  expect(run("wasm", script).stdout.trim().split("\n").pop()).toBe("0");
});

it("has a command that lists, checks and removes", () => {
  const env = { ...process.env, RECSYS_CACHE: cache, RECSYS_ENGINE: "wasm" };
  const engine = (...args: string[]) => execFileSync(process.execPath, [command, ...args], { env, encoding: "utf8" });
  expect(engine("status")).toMatch(
    /in use here: wasm[\s\S]*tensorflow +not (installed|in Node 2)[\s\S]*blas +not installed/,
  );
  expect(engine("wasm")).toMatch(/the wasm engine works/);
  expect(engine("remove")).toMatch(/no installed engine in the cache/);
  expect(readdirSync(cache)).toEqual([]);
});

it("leaves no listener of a library behind, which would throw what a program has let go", () => {
  const events = '["uncaughtException", "unhandledRejection"]';
  const { stdout } = run(
    "wasm",
    `engine.tensorEngine().then(() => console.log(${events}.map((event) => process.listenerCount(event)).join()))`,
  );
  expect(stdout.trim().split("\n").pop()).toBe("0,0");
});
