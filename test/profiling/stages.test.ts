import { describe, expect, it } from "vitest";
import { type CpuProfile, type ProfileNode, stageTimes } from "recsys-unlearning/profiling";

/** A tree of calls: each function with its file, the milliseconds in itself, and what it calls. */
interface Call {
  readonly of: string;
  readonly url?: string;
  readonly line?: number;
  readonly ms?: number;
  readonly calls?: readonly Call[];
}

function profileOf(root: Call): CpuProfile {
  const nodes: ProfileNode[] = [];
  const [samples, timeDeltas]: [number[], number[]] = [[], []];
  const add = ({ of, url = "", line = 5, ms = 0, calls = [] }: Call): number => {
    const id = nodes.length + 1;
    const children: number[] = [];
    nodes.push({ id, callFrame: { functionName: of, url, lineNumber: line }, children });
    for (let i = 0; i < ms; i++) {
      samples.push(id);
      timeDeltas.push(1000);
    }
    for (const call of calls) children.push(add(call));
    return id;
  };
  add(root);
  return { nodes, samples, timeDeltas };
}

const lib = (path: string) => `file:///home/me/study/lib/dist/${path}`;
const packaged = (path: string) => `/home/me/lib/own/node_modules/recsys-unlearning/dist/${path}`;

const times = (...calls: Call[]) => {
  const { stages, waiting } = stageTimes([profileOf({ of: "(root)", calls })]);
  return {
    waiting,
    stages: Object.fromEntries(stages.map(({ stage, seconds }) => [stage, Math.round(seconds * 1e3)])),
  };
};

describe("the stages of a profile", () => {
  it("are areas of ours, each with what it asks of libraries, of Node and of WebAssembly", () => {
    const zip = { of: "dflt", url: "/x/node_modules/fflate/lib/node.cjs", ms: 3 };
    const wasm = { of: "wasm-function[4]", url: "wasm://wasm/0001", ms: 7 };
    const training = {
      of: "fit",
      url: lib("training/fit.js"),
      ms: 2,
      calls: [wasm, { of: "join", url: "node:path", ms: 1 }],
    };
    const figures = { of: "draw", url: packaged("figures/figure.js"), ms: 1, calls: [zip] };
    const kernel = { of: "run", url: "/x/kernel/dist/server/cell-queue.js", ms: 4 };
    const cell = { of: "", url: "cell[3]", line: 0, ms: 5, calls: [training, figures] };
    const { stages } = times(kernel, cell);
    expect(stages).toEqual({ "lib/training": 10, cells: 5, "kernel/server": 4, "lib/figures": 4 });
    const [first] = stageTimes([profileOf({ of: "(root)", calls: [training] })]).stages;
    expect(first).toMatchObject({ stage: "lib/training", hottest: "wasm-function[4]" });
    expect(first.wasmSeconds).toBeCloseTo(0.007, 9);
  });

  it("keep loading, compiling and garbage apart, whoever caused them", () => {
    const top = { of: "", url: lib("ifru/index.js"), line: 0, ms: 2 };
    const load = { of: "wrapSafe", url: "node:internal/modules/cjs/loader", ms: 6, calls: [top] };
    const scan = { of: "scan", url: "/x/node_modules/@tslab/typescript-for-tslab/lib/typescript.js", ms: 3 };
    const own = {
      of: "run",
      url: "/x/kernel/dist/server/evaluator.js",
      ms: 1,
      calls: [load, scan, { of: "(garbage collector)", ms: 4 }],
    };
    expect(times(own).stages).toEqual({
      ...{ "loading modules": 8, "garbage collection": 4, "TypeScript's compiler": 3, "kernel/server": 1 },
    });
  });

  it("name a package or Node where nothing of ours called, and leave waiting out", () => {
    const { stages, waiting } = times(
      { of: "tick", url: "/x/node_modules/@scope/timer/index.js", ms: 2 },
      { of: "processTicks", url: "node:internal/process/task_queues", ms: 1 },
      { of: "(program)", ms: 1 },
      { of: "(idle)", ms: 9 },
    );
    expect(stages).toEqual({ "@scope/timer": 2, "Node itself": 2 });
    expect(waiting).toBeCloseTo(0.009, 9);
  });

  it("leave out what the sampling itself takes, and count what it is asked for", () => {
    const begin = { of: "startSampling", url: lib("profiling/sampler.js"), ms: 3, calls: [{ of: "dispatch", ms: 8 }] };
    const work = { of: "train", url: lib("training/fit.js"), ms: 2 };
    const asked = { of: "profiled", url: lib("profiling/profile.js"), ms: 1, calls: [work, begin] };
    expect(times(asked).stages).toEqual({ "lib/training": 2, "Node itself": 1 });
  });

  it("add up over profiles, and over clocks that go back", () => {
    const one = profileOf({ of: "(root)", calls: [{ of: "fit", url: lib("training/fit.js"), ms: 2 }] });
    const back: CpuProfile = { ...one, timeDeltas: [-50, 1000] };
    expect(stageTimes([one, back]).stages).toMatchObject([{ stage: "lib/training" }]);
    expect(stageTimes([one, back]).stages[0].seconds).toBeCloseTo(0.003, 9);
    expect(stageTimes([{ nodes: [] }])).toEqual({ stages: [], waiting: 0 });
  });
});
