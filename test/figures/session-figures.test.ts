import {
  type Choice,
  codeOf,
  expandView,
  type LogRecord,
  type RunConfig,
  type RunRecord,
  summariseRuns,
  type View,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { rowLabel, viewFigures } from "recsys-unlearning/figures";
import { describe, expect, it } from "vitest";

const cau = (options: Choice["options"]): Choice => ({ name: "cau", options: { mode: "paper", ...options } });
const [short, long] = [cau({ epochs: 1, select: "last" }), cau({ epochs: 4, select: "last" })];
const equal = cau({ weights: "equal", epochs: 4 });

const view: View = {
  name: "made-up",
  title: "Made up",
  metrics: ["drop@10", "hit-u@10", "unseen@10"],
  columns: [
    { of: "method", option: "epochs" },
    { of: "method", option: "weights" },
  ],
  lines: [
    { label: "every length", methods: [short, long] },
    { label: "one length", methods: [long] },
    { label: "equal weights", methods: [equal] },
  ],
  tradeOff: { loss: "drop@10", remembered: "hit-u@10", unseen: "unseen@10" },
  timing: true,
  curves: true,
  grids: {
    tiny: [
      {
        datasets: [{ name: "generated-sessions" }],
        backbones: [{ name: "gru4rec" }],
        methods: [{ name: "original" }, { name: "retrain" }, { name: "session-sisa" }, short, long, equal],
        seeds: [1],
      },
    ],
    quick: [],
    full: [],
  },
};

/** Steps of two epochs, in stretches of two: the recommendation loss falls from 3 by 0.1 a line. */
const steps: LogRecord[] = [1, 2, 3, 4].map((n) => ({
  ...{ step: 2 * n, epoch: n < 3 ? 1 : 2, difficulty: n / 10 },
  losses: { unlearning: -n, recommendation: 3 - n / 10, kl: n / 100 },
  weights: { unlearning: 0.2, recommendation: 0.3, kl: 0.5 },
}));

/**
 * Original predicts half of what is to be forgotten, Retrain a fifth; CAU loses a hundredth of the recall each epoch.
 */
const recordOf = (config: RunConfig, i: number): RunRecord => {
  const epochs = Number(config.options.method["epochs"] ?? 0);
  const hit = { original: 0.5, retrain: 0.2, "session-sisa": 0.25 }[config.method] ?? 0.4 - epochs / 20;
  return {
    ...{ version: 1, id: `${i}`, config, dataHash: "d", engine: "wasm", sampleTests: {}, facts: {}, files: {} },
    metrics: { "session-recall@10": 0.2 * (1 - epochs / 100), "hit-u@10": hit, "unseen@10": 0.3 },
    ...{
      seconds: { steps: 4 },
      codeVersion: codeOf(config, builtInParts).version,
      environment: {} as RunRecord["environment"],
    },
    ...(config.method === "session-sisa" ? { parallelSeconds: { steps: 1 } } : {}),
    log: config.method === "cau" ? steps : [],
  };
};
const records = expandView(view, { preset: "tiny" }, builtInParts).map(recordOf);
const summary = summariseRuns(view, "tiny", records, records.length, builtInParts);
const found = { records, fromStore: 0, fromRecords: records.length };
const figures = viewFigures({ view, summary, found }, builtInParts);
const dataOf = (name: string) => figures.get(name)!.data;

describe("a sweep with lines of its own", () => {
  it("has a row on every line it is of, over an even axis, and methods beside them level", () => {
    const at = (series: string) =>
      dataOf("hit-u-at-10").flatMap((datum) => (datum["series"] === series ? [datum["x"]] : []));
    expect(at("every length")).toEqual([1, 4]);
    expect(at("one length")).toEqual([4]);
    expect(at("SISA")).toEqual([1, 4]);
    expect(at("CAU (paper, last epoch)")).toEqual([]);
  });
});

describe("the rows of a chart", () => {
  it("are named by what they change, behind the method where rows of others change something, too", () => {
    const [grid] = view.grids.tiny;
    const methods = [short, long, cau({ weights: "equal", epochs: 1 }), equal, cau({ weights: "equal", epochs: 2 })];
    const wider: View = { ...view, grids: { ...view.grids, tiny: [{ ...grid, methods }] } };
    const runs = expandView(wider, { preset: "tiny" }, builtInParts).map(recordOf);
    const { rows } = summariseRuns(wider, "tiny", runs, runs.length, builtInParts);
    expect(rows.map((row) => rowLabel(row, rows, wider, builtInParts))).toEqual([
      "CAU (paper, last epoch)",
      "CAU (paper, last epoch), epochs 4",
      "CAU (paper, w/o Pareto solver)",
      "CAU (paper, w/o Pareto solver), epochs 4",
      "CAU (paper, w/o Pareto solver), epochs 2",
    ]);
  });
});

describe("the seconds of methods with shards", () => {
  it("are told in turn and at once", () => {
    const rows = { ...view, columns: [], lines: [] };
    const isFirst = ({ options }: { options: RunConfig["options"] }) => (options.method["epochs"] ?? 1) === 1; // names are one
    const few = { ...summary, rows: summary.rows.filter(isFirst) };
    const first = { ...found, records: records.filter(({ config }) => isFirst(config)) };
    const { data } = viewFigures({ view: rows, summary: few, found: first }, builtInParts).get("seconds")!;
    const sisa = data.filter(({ row }) => String(row).startsWith("SISA"));
    expect(sisa.map(({ row, value }) => [row, value])).toEqual([
      ["SISA, shards in turn", 4],
      ["SISA, shards at once", 1],
    ]);
    expect(data.some(({ row }) => row === "CAU (paper, last epoch)")).toBe(true);
  });
});

describe("forgetting against utility", () => {
  it("joins the lengths of a method, and names Original and Retrain and the level of what was never seen", () => {
    const points = dataOf("trade-off").map(({ series, x, y }) => [series, Number(x).toFixed(2), Number(y).toFixed(2)]);
    expect(points).toEqual([
      ["SISA", "0.00", "0.25"],
      ["CAU (paper, last epoch)", "0.01", "0.35"],
      ["CAU (paper, last epoch)", "0.04", "0.20"],
      ["CAU (paper, w/o Pareto solver)", "0.04", "0.20"],
    ]);
    const svg = figures.get("trade-off")!.toSvg();
    for (const name of ["Original", "Retrain", "never seen"]) expect(svg).toContain(`>${name}</text>`);
  });
});

describe("trajectories", () => {
  it("have a line for each loss and each weight, and one of difficulty for each row", () => {
    const names = [...figures.keys()].filter((name) => name.startsWith("trajectory"));
    expect(names).toEqual([
      "trajectory-losses_cau-paper-last-epoch",
      "trajectory-losses_epochs-4",
      "trajectory-losses_cau-paper-w-o-pareto-solver",
      "trajectory-weights_cau-paper-last-epoch",
      "trajectory-weights_epochs-4",
      "trajectory-weights_cau-paper-w-o-pareto-solver",
      "trajectory-difficulty",
    ]);
    const losses = dataOf("trajectory-losses_cau-paper-last-epoch").filter(({ series }) => series === "recommendation");
    expect(losses.map(({ x, y }) => [x, Number(y).toFixed(1)])).toEqual([
      [2, "2.9"],
      [4, "2.8"],
      [6, "2.7"],
      [8, "2.6"],
    ]);
    expect(new Set(dataOf("trajectory-difficulty").map(({ series }) => series)).size).toBe(3);
  });

  it("are none where no log has steps", () => {
    const without = { records: records.map((record) => ({ ...record, log: [] })), fromStore: 0, fromRecords: 0 };
    const names = [...viewFigures({ view, summary, found: without }, builtInParts).keys()];
    expect(names.filter((name) => name.startsWith("trajectory"))).toEqual([]);
  });
});
