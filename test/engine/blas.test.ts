import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InvalidArgumentError, libFolder, Random } from "../../lib/core";
import { findBlas, loadOpenBlas } from "../../lib/engine";
import { withOpenBlas } from "../../lib/engine/blas/operations";
import { withChecks } from "../../lib/engine/checks";
import type { MatMul, Operations } from "../../lib/engine/operations";
import { referenceOperations } from "../../lib/engine/reference";
import { loadSimdEngine } from "../../lib/engine/simd";
import { ArrayWorkspace } from "../../lib/engine/workspace";
import { expectClose } from "./forms";

const installed = findBlas();
if (installed === undefined) console.log("skipped: the blas engine is not installed (npm run engine -- blas)");

const lib = JSON.stringify(join(libFolder(), "dist"));

/** Runs a script in a process of its own, on the blas engine. */
function run(script: string, threads = "2"): { stdout: string; stderr: string; status: number | null } {
  const env = { ...process.env, RECSYS_ENGINE: "blas", RECSYS_THREADS: threads };
  const begin = `const { core, engine } = require(${lib});`;
  return spawnSync(process.execPath, ["-e", begin + script], { env, encoding: "utf8" });
}

const normal = (length: number, seed: number) => Random.fromSeed(seed).fillNormal(new Float32Array(length), 1);
const temporary = () => mkdtempSync(join(tmpdir(), "blas-"));

describe.skipIf(installed === undefined)("products by OpenBLAS", () => {
  const { operations, memory } = loadSimdEngine();
  let blas: Operations;
  beforeAll(() => (blas = withChecks(withOpenBlas(operations, memory))));

  /** Both results, with `out` as it was before: NaN, which only an overwritten element loses. */
  function both(sizes: Omit<MatMul, "a" | "b" | "out">, one: string, before = NaN) {
    const { rows, inner, columns, batches = 1 } = sizes;
    const a = normal((one === "a" ? 1 : batches) * rows * inner, 1);
    const b = normal((one === "b" ? 1 : batches) * inner * columns, 2);
    const expected = new Float32Array(batches * rows * columns).fill(before);
    referenceOperations.matMul({ a, b, out: expected, ...sizes });
    const room = new ArrayWorkspace(memory);
    const out = room.copyOf(new Float32Array(expected.length).fill(before));
    blas.matMul({ a: room.copyOf(a), b: room.copyOf(b), out, ...sizes });
    const actual = out.slice();
    room.dispose();
    return { actual, expected };
  }

  it("agree with the reference: every transpose, batched or with one matrix for all, added or not", () => {
    const size = fc.integer({ min: 1, max: 70 });
    const cases = fc.record({
      ...{ rows: size, inner: size, columns: size, batches: fc.integer({ min: 1, max: 3 }) },
      one: fc.constantFrom("a", "b", "neither"),
      ...{ transposeA: fc.boolean(), transposeB: fc.boolean(), accumulate: fc.boolean() },
    });
    fc.assert(
      fc.property(cases, ({ one, ...sizes }) => {
        const { actual, expected } = both(sizes, one, sizes.accumulate ? 0.5 : NaN);
        expectClose(actual, expected, 1e-5);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [1, 64, 3000], // a vector times a matrix
    [3000, 64, 1],
    [300, 1, 300],
    [260, 270, 280], // by several threads
    [64, 17, 12_101],
  ])("agree with the reference: %i x %i x %i", (rows, inner, columns) => {
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const { actual, expected } = both({ rows, inner, columns, transposeA, transposeB }, "neither");
        expectClose(actual, expected, 1e-5);
      }
  });

  it("let no NaN and no infinity vanish", () => {
    const room = new ArrayWorkspace(memory);
    const [a, b, out] = [room.float32(900), room.float32(900).fill(1), room.float32(900)];
    [a[31], a[62]] = [NaN, Infinity];
    blas.matMul({ a, b, out, rows: 30, inner: 30, columns: 30 });
    expect([...out.subarray(0, 91)].map(String)).toEqual(
      Array.from({ length: 91 }, (_, k) => ["0", "NaN", "Infinity", "0"][Math.floor(k / 30)]),
    );
    room.dispose();
  });

  it("refuse an array that is not in the engine's memory, however large", () => {
    for (const size of [4, 40]) {
      const array = () => new Float32Array(size * size);
      const product = { a: array(), b: array(), out: array(), rows: size, inner: size, columns: size };
      expect(() => blas.matMul(product)).toThrow(InvalidArgumentError);
    }
  });

  it("have the same bytes in every process with as many threads", () => {
    const script = `
      const room = engine.createWorkspace(), random = core.Random.fromSeed(1), n = 300;
      const normal = (length) => random.fillNormal(room.float32(length), 1);
      const [a, b, out] = [normal(n * n), normal(n * n), room.float32(n * n)];
      engine.operations().matMul({ a, b, out, rows: n, inner: n, columns: n, transposeB: true });
      console.log(core.sha256(new Uint8Array(out.slice().buffer)));`;
    for (const threads of ["1", "2"]) {
      const hashes = [0, 1, 2].map(() => run(script, threads).stdout.trim().split("\n").pop());
      expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set(hashes).size).toBe(1);
    }
  });
});

describe.skipIf(installed === undefined)("the blas engine", () => {
  it("says its library, kernels and threads, and so does every record", () => {
    const { stdout } = run("engine.operations(); console.log(core.provenance().engine)", "1");
    const [announced, recorded] = stdout.trim().split("\n");
    expect(recorded).toMatch(/^OpenBLAS 0\.3\.34\S* \w+, 1 thread$/);
    expect(announced).toBe(`engine: blas (${recorded}; bytes differ between machines)`);
  });

  it.each([
    ["2", 2],
    ["", availableParallelism()],
  ])("RECSYS_THREADS=%s gives so many threads", (asked, threads) => {
    const words = threads === 1 ? "1 thread" : `${threads} threads`;
    expect(run("engine.operations()", asked).stdout).toContain(`, ${words};`);
  });

  it.each(["0", "two", "1.5"])("refuses RECSYS_THREADS=%s", (asked) => {
    expect(run("engine.operations()", asked).stderr).toMatch(/"RECSYS_THREADS" is .*[\s\S]*a whole number >= 1/);
  });

  it("gives each worker of an experiment one thread, unless more are asked for", () => {
    const command = join(libFolder(), "dist", "commands", "experiment.js");
    for (const [asked, words] of [
      ["", "1 thread"],
      ["2", "2 threads"],
    ]) {
      const store = temporary();
      const env = { ...process.env, RECSYS_ENGINE: "blas", RECSYS_THREADS: asked };
      const flags = ["--preset", "tiny", "--only", "method=retrain", "--workers", "2", "--store", store];
      execFileSync(process.execPath, [command, "run", "ifru-accuracy", ...flags], { env, stdio: "ignore" });
      const runs = readdirSync(join(store, "runs"));
      expect(runs.length).toBeGreaterThan(1);
      for (const name of runs) {
        const read = (file: string) => JSON.parse(readFileSync(join(store, "runs", name, file), "utf8")) as Kept;
        expect(read("result.json").engine).toBe("blas");
        expect(read("timing.json").environment.engine).toContain(`, ${words}`);
      }
    }
  });

  it("names a file of its installation that was cut off, is missing, or is no library", () => {
    const copy = () => {
      const folder = temporary();
      cpSync(installed!, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
      symlinkSync(join(installed!, "node_modules"), join(folder, "node_modules"));
      return folder;
    };
    const manifest = (folder: string) => join(folder, "openblas.json");
    const filesOf = (folder: string) =>
      Object.entries(JSON.parse(readFileSync(manifest(folder), "utf8")) as Record<string, number>);
    const whole = copy();
    expect(filesOf(whole).map(([name]) => name)).toContainEqual(expect.stringContaining("libscipy_openblas"));
    const [name, bytes] = filesOf(whole).find(([file]) => file.includes("libscipy_openblas"))!;
    writeFileSync(join(whole, name), readFileSync(join(whole, name)).subarray(1000));
    expect(() => loadOpenBlas(whole)).toThrow(/is damaged[\s\S]*libscipy_openblas[\s\S]*npm run engine -- blas/);
    writeFileSync(join(whole, name), Buffer.alloc(bytes));
    expect(() => loadOpenBlas(whole)).toThrow(/does not load: [\s\S]*npm run engine -- blas/);
    writeFileSync(manifest(whole), "{}");
    expect(() => loadOpenBlas(whole)).toThrow(/is damaged/);
    expect(() => loadOpenBlas(temporary())).toThrow(/is damaged/);
  });
});

interface Kept {
  readonly engine: string;
  readonly environment: { readonly engine: string };
}

it("is offered in one line where it was measured to be faster, and never taken by itself", () => {
  const cache = temporary();
  const env = { ...process.env, RECSYS_CACHE: cache, RECSYS_ENGINE: "" };
  const print = `const { engine } = require(${lib});`;
  const said = (script: string) => execFileSync(process.execPath, ["-e", print + script], { env, encoding: "utf8" });
  const use = "engine.tensorEngine().then(({ name }) => console.log(name));";
  const locate = JSON.stringify(join(libFolder(), "dist", "engine", "blas", "locate.js"));
  const folder = said(`console.log(require(${locate}).blasFolder())`).trim();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "openblas.json"), "{}");
  expect(said(use)).not.toMatch(/OpenBLAS/);
  for (const [ms, offers] of [
    [9, false],
    [5, true],
  ] as const) {
    said(`engine.keepMeasured("blas", { wasm: 10, installed: ${ms} })`);
    const lines = said(use).trim().split("\n");
    const offer = "OpenBLAS is installed and was 2.0 x faster on attention: RECSYS_ENGINE=blas uses it";
    expect(lines.filter((line) => line.includes("OpenBLAS"))).toEqual(offers ? [offer] : []);
    expect(lines.pop()).toBe("wasm");
  }
});
