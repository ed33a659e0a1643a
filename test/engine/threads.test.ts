import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { libFolder, Random, redirectAnnouncements } from "../../lib/core";
import type { OperationArray } from "../../lib/engine/arrays";
import { withChecks } from "../../lib/engine/checks";
import type { Operations } from "../../lib/engine/operations";
import { loadSimdEngine, type SimdEngine } from "../../lib/engine/simd";
import { Contention } from "../../lib/engine/threads/contention";
import { Control } from "../../lib/engine/threads/control";
import { ThreadPool } from "../../lib/engine/threads/pool";
import { ArrayWorkspace } from "../../lib/engine/workspace";

/** What an operation is given, made of a shape and a seed, and what it leaves. */
type Case = (operations: Operations, room: Room, sizes: readonly number[]) => OperationArray[];

/** Makes arrays of made-up content in an engine's memory. */
class Room {
  private readonly random: Random;

  constructor(
    private readonly workspace: ArrayWorkspace,
    seed: number,
  ) {
    this.random = Random.fromSeed(seed);
  }

  floats(length: number): Float32Array {
    return this.random.fillNormal(this.workspace.float32(length), 1);
  }

  positive(length: number): Float32Array {
    return this.workspace.copyOf(this.floats(length).map(Math.abs));
  }

  ids(length: number, bound: number): Int32Array {
    return this.workspace.copyOf(Int32Array.from({ length }, () => this.random.integer(bound)));
  }

  /** Some of the numbers below a bound, none twice. */
  someOf(bound: number): Int32Array {
    const all = Int32Array.from({ length: bound }, (_, n) => n);
    return this.workspace.copyOf(all.filter(() => this.random.integer(2) === 1));
  }

  pointers(rows: number, entries: number): Int32Array {
    const pointers = new Int32Array(rows + 1);
    for (let k = 0; k < entries; k++) pointers[this.random.integer(rows) + 1]++;
    for (let r = 0; r < rows; r++) pointers[r + 1] += pointers[r];
    return this.workspace.copyOf(pointers);
  }
}

const step = { stepSize: 0.01, rootScale: 1.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const adamState = (room: Room, length: number) => ({
  ...{ parameters: room.floats(length), gradient: room.floats(length) },
  ...{ firstMoment: room.floats(length), secondMoment: room.positive(length) },
});

const cases: Record<string, Case> = {
  matMul(operations, room, [rows, columns, inner, batches, form]) {
    const out = room.floats(batches * rows * columns);
    const a = room.floats((form & 8 ? 1 : batches) * rows * inner);
    const b = room.floats((form & 16 ? 1 : batches) * inner * columns);
    const flags = { transposeA: (form & 1) > 0, transposeB: (form & 2) > 0, accumulate: (form & 4) > 0 };
    operations.matMul({ a, b, out, rows, columns, inner, batches, ...flags });
    return [out];
  },
  spmm(operations, room, [rows, width, entries]) {
    const [pointers, columns] = [room.pointers(rows, entries), room.ids(entries, 9)];
    const out = room.floats(rows * width);
    operations.spmm({ pointers, columns, values: room.floats(entries) }, room.floats(9 * width), width, out);
    return [out];
  },
  segmentSum(operations, room, [rows, width, segments]) {
    const out = room.floats(segments * width);
    operations.segmentSum(room.floats(rows * width), room.ids(rows, segments), width, out);
    return [out];
  },
  columnSum(operations, room, [rows, width]) {
    const out = room.floats(width);
    operations.columnSum(room.floats(rows * width), width, out);
    return [out];
  },
  addToRows(operations, room, [rows, width]) {
    const x = room.floats(rows * width);
    operations.addToRows(x, room.floats(width));
    return [x];
  },
  topK(operations, room, [rows, width, k]) {
    const count = 1 + (k % width);
    const [columns, values] = [room.ids(rows * count, 5), room.floats(rows * count)];
    operations.topK(room.floats(rows * width), width, count, columns, values);
    return [columns, values];
  },
  mfScores(operations, room, [rows, width, items]) {
    const [user, item] = [room.ids(rows, 9), room.ids(rows, items)];
    const [out, residual, curvature, label] = [0, 0, 0, 0].map(() => room.floats(rows));
    const [p, q] = [room.floats(9 * width), room.floats(items * width)];
    operations.mfScores(p, q, user, item, width, out);
    operations.mfDerivatives(p, q, user, item, label, width, residual, curvature);
    return [out, residual, curvature];
  },
  adam(operations, room, [rows, width]) {
    const state = adamState(room, rows * width);
    operations.adam(state, step);
    return Object.values(state);
  },
  adamRows(operations, room, [rows, width]) {
    const state = adamState(room, rows * width);
    operations.adamRows(state, width, room.someOf(rows), step);
    return Object.values(state);
  },
  adamCatchUp(operations, room, [rows, width]) {
    const [state, list] = [adamState(room, rows * width), room.someOf(rows)];
    operations.adamCatchUp(state, width, list, room.positive(4 * list.length));
    return Object.values(state);
  },
  softmaxCrossEntropy(operations, room, [rows, classes]) {
    const [losses, gradient] = [room.floats(rows), room.floats(rows * classes)];
    const labels = room.ids(rows, classes);
    operations.softmaxCrossEntropy(room.floats(rows * classes), labels, room.floats(rows), losses, gradient);
    return [losses, gradient];
  },
  gru(operations, room, [rows, width]) {
    const [wide, narrow] = [() => room.floats(3 * rows * width), () => room.floats(rows * width)];
    const gru = { fromInput: wide(), fromState: wide(), state: narrow(), gates: wide(), width };
    const [out, back] = [narrow(), { fromInput: wide(), fromState: wide(), state: narrow() }];
    operations.gruForward(gru, out);
    operations.gruBackward(gru, narrow(), back);
    return [out, gru.gates, ...Object.values(back)];
  },
  layerNorm(operations, room, [rows, width]) {
    const [x, out, outX] = [0, 0, 0].map(() => room.floats(rows * width));
    const [gain, bias, outGain, outBias] = [0, 0, 0, 0].map(() => room.floats(width));
    const norm = { x, gain, mean: room.floats(rows), inverseDeviation: room.floats(rows) };
    operations.layerNorm(norm, bias, 1e-5, out);
    operations.layerNormGradient(norm, room.floats(rows * width), outX, outGain, outBias);
    return [norm.mean, norm.inverseDeviation, out, outX, outGain, outBias];
  },
};

/** What an operation leaves, as bytes. */
function left({ operations, memory }: SimdEngine, of: Case, sizes: readonly number[], seed: number): string[] {
  const workspace = new ArrayWorkspace(memory);
  try {
    const arrays = of(withChecks(operations), new Room(workspace, seed), sizes);
    return arrays.map((array) => Buffer.from(array.slice().buffer).toString("base64"));
  } finally {
    workspace.dispose();
  }
}

/** Of an operation, whatever it is: rows, columns, a third size, batches and flags. */
const shapes = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 300 })),
  fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(530, 2100)),
  fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(300)),
  fc.constantFrom(1, 1, 2, 7),
  fc.integer({ min: 0, max: 31 }),
);

/** A pool that cuts whatever can be cut, and starts at once. */
const cutting = (threads: number) => new ThreadPool(threads, 1e-9, 0);
const alone = loadSimdEngine(new ThreadPool(1));
// However busy the machine is
beforeAll(() => void vi.spyOn(Contention.prototype, "isResting").mockReturnValue(false));

describe.each([2, 3, 4])("with %d threads", (threads) => {
  const pool = cutting(threads);
  const engine = loadSimdEngine(pool);
  afterAll(() => pool.end());

  it.each(Object.keys(cases))("%s leaves the bytes that one thread leaves", (name) => {
    fc.assert(
      fc.property(shapes, fc.nat(), (sizes, seed) => {
        expect(left(engine, cases[name], sizes, seed)).toEqual(left(alone, cases[name], sizes, seed));
      }),
      { numRuns: process.env["RECSYS_TEST_FULL"] === "1" ? 40 : 10 },
    );
  });
});

describe("threads other than the caller's", () => {
  const pool = cutting(3);
  const engine = loadSimdEngine(pool);
  const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  let take: { mockRestore(): void };
  beforeAll(() => {
    take = vi.spyOn(Control.prototype, "take").mockImplementation(function (this: Control) {
      while (this.isOpen) sleep();
      return undefined;
    });
  });
  afterAll(async () => {
    take.mockRestore();
    await pool.end();
  });

  it.each(Object.keys(cases))("leave the same bytes of %s where they compute all of it", (name) => {
    const runs = vi.spyOn(pool, "run");
    for (const sizes of [
      [130, 530, 30, 1, 0],
      [300, 37, 300, 1, 7],
      [9, 33, 17, 5, 10],
      [21, 2100, 5, 1, 1],
    ])
      expect(left(engine, cases[name], sizes, 1)).toEqual(left(alone, cases[name], sizes, 1));
    expect(runs).toHaveBeenCalled();
    runs.mockRestore();
  });
});

describe("a pool of threads", () => {
  const ones = (engine: SimdEngine) => left(engine, cases["adam"], [100, 50], 1);

  it("goes on with one thread, and says so, when a thread dies", async () => {
    const said: string[] = [];
    const restore = redirectAnnouncements((line) => said.push(line));
    const pool = cutting(3);
    const engine = loadSimdEngine(pool);
    const before = ones(engine);
    const worker = (pool as unknown as { workers: { terminate(): Promise<number> }[] }).workers[0];
    await worker.terminate();
    await vi.waitFor(() => expect(pool.threads).toBe(1));
    restore();
    expect(said).toEqual(["engine: one thread instead of 3: a thread was lost (it ended with status 0)"]);
    expect(ones(engine)).toEqual(before);
  });

  it("starts when there has been enough to share, and not at all for one thread", async () => {
    const workers = (pool: ThreadPool) => (pool as unknown as { workers: unknown[] | undefined }).workers;
    const [patient, single] = [new ThreadPool(2, 1e-9, 20), new ThreadPool(1, 1e-9, 0)];
    const [engine, before] = [loadSimdEngine(patient), performance.now()];
    while (workers(patient) === undefined && performance.now() < before + 20_000) ones(engine);
    expect(performance.now() - before).toBeGreaterThan(20);
    expect(workers(patient)).toHaveLength(1);
    ones(loadSimdEngine(single));
    expect(workers(single)).toBeUndefined();
    await patient.end();
  });

  it("goes on after V8 has ended the caller, whenever it was, without its finally blocks", async () => {
    const pool = cutting(3);
    const engine = loadSimdEngine(pool);
    const before = ones(engine);
    const context = { ones: () => left(engine, cases["matMul"], [300, 530, 300, 1, 0], 1) };
    for (let timeout = 1; timeout <= 20; timeout++) {
      expect(() => runInNewContext("for (;;) ones();", context, { timeout })).toThrow(/timed out/);
      expect(ones(engine)).toEqual(before);
    }
    await pool.end();
  });

  it("goes on after the caller was ended in the middle of an operation", async () => {
    const pool = cutting(3);
    const engine = loadSimdEngine(pool);
    const before = ones(engine);
    const { control } = pool as unknown as { control: Control };
    const failing = vi.spyOn(control, "take").mockImplementation(() => {
      throw new Error("ended");
    });
    expect(() => ones(engine)).toThrow("ended");
    failing.mockRestore();
    expect(ones(engine)).toEqual(before);
    await pool.end();
  });

  it("tells of an operation that fails in a thread", async () => {
    const pool = cutting(2);
    loadSimdEngine(pool);
    const spy = vi.spyOn(Control.prototype, "take").mockImplementation(function (this: Control) {
      while (this.isOpen);
      return undefined;
    });
    const outside = [2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31, 1000];
    expect(() => pool.run(0, "adam", [outside, outside])).toThrow(/adam failed in a thread[\s\S]*RECSYS_THREADS=1/);
    spy.mockRestore();
    await pool.end();
  });
});

const lib = JSON.stringify(join(libFolder(), "dist"));

/** Runs a script in a process of its own, with so many threads. */
function run(threads: string, script: string) {
  const env = { ...process.env, RECSYS_ENGINE: "wasm", RECSYS_THREADS: threads };
  const begin = `const { engine, core } = require(${lib});`;
  return spawnSync(process.execPath, ["-e", begin + script], { env, encoding: "utf8", timeout: 60_000 });
}

/** Steps of a network that are worth several threads, and a hash of what they leave. */
const steps = `engine.tensorEngine().then(({ tf, adam, gru, linearSoftmaxCrossEntropy }) => {
  const [items, width, batch, length] = [4000, 64, 128, 5];
  let seed = 1;
  const variable = (...shape) =>
    tf.variable(tf.tensor(Float32Array.from({ length: shape.reduce((x, y) => x * y) }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed / 0x80000000 - 0.5;
    }), shape));
  const [embedding, bias, input, state] = [[items, width], [items], [width, 3 * width], [width, 3 * width]].map(
    (shape) => variable(...shape));
  const [inputBias, stateBias] = [variable(3 * width), variable(3 * width)];
  const variables = [embedding, bias, input, state, inputBias, stateBias];
  const ids = (count) => tf.tensor1d(Int32Array.from({ length: count }, (_, k) => (k * 7919) % items), "int32");
  const [sequence, target] = [ids(length * batch), ids(batch)];
  const optimizer = adam(variables);
  for (let step = 0; step < 12; step++) {
    const { grads } = tf.variableGrads(() => {
      const states = gru(tf.gather(embedding, sequence), { input, inputBias, state, stateBias }, batch);
      const last = tf.slice(states, [(length - 1) * batch, 0], [batch, width]);
      return linearSoftmaxCrossEntropy(last, { weight: embedding, bias }, target);
    });
    optimizer.apply(grads);
  }
  console.log(core.sha256(Buffer.concat(variables.map((one) => new Uint8Array(one.dataSync().buffer)))));
});`;

describe("a process with several threads", () => {
  it.each(["0", "two", "1.5", "65"])("refuses RECSYS_THREADS=%s", (asked) => {
    expect(run(asked, "engine.operations()").stderr).toMatch(
      /"RECSYS_THREADS" is .*[\s\S]*a whole number >= 1 and <= 64/,
    );
  });

  it("trains a network to the same bytes, ends when its work does, and says nothing of threads", () => {
    const [alone, two, four] = ["1", "2", "4"].map((threads) => run(threads, steps));
    expect(alone.stdout).toMatch(/^engine: wasm \(.*\)\n[0-9a-f]{64}\n$/);
    expect(alone).toMatchObject({ status: 0, stderr: "" });
    for (const { status, stdout, stderr } of [two, four])
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: alone.stdout, stderr: "" });
  });
});
