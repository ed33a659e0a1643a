import type { ExperimentResult, LogRecord, Parts, SummaryRow } from "../experiments";
import type { StepRecord } from "../training";
import { type Circumstances, circumstancesOf } from "./circumstances";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import type { Frame } from "./frame";
import { lineChart, type LinePoint } from "./line-chart";
import { rowLabel } from "./row-label";
import { figureName } from "./summary-figures";

/** What a step has of each loss, as axes name it. */
const quantities = { losses: "loss", weights: "weight of its gradient" } as const;

/** An unlearning, step by step: of the row's first seed, whose steps these are. */
interface Trajectory {
  readonly row: SummaryRow;
  readonly label: string;
  readonly steps: readonly StepRecord[];
}

/**
 * How unlearning went, step by step, in the first seed: `trajectory-losses_…` and `trajectory-weights_…` of every row,
 * a line for each loss (means over stretches of steps, where there are many), and `trajectory-difficulty`, how hard the
 * batches were, a line for each row. Only for views that have curves, and of records whose log has steps.
 *
 * @example
 * const { result } = await experiment("cau-trajectory");
 * const figure = trajectories(result, builtInParts).get("trajectory-difficulty_amazon-beauty-gru4rec");
 */
export function trajectories(
  { summary, view, found }: Pick<ExperimentResult, "summary" | "view" | "found">,
  parts: Parts,
  { frame = {}, hidden, whole }: Drawing = {},
): ReadonlyMap<string, Figure> {
  if (view.curves !== true) return new Map();
  const all = circumstancesOf(summary, parts, undefined, whole).map((one) => ({ one, ran: trajectoriesOf(one) }));
  const figures = all.flatMap(({ one, ran }) => {
    const where = one.told === "" ? "" : `${one.told}, `;
    return [
      ...(["losses", "weights"] as const).flatMap((of) =>
        ran.map((run) => byLoss(run, of, `${where}${run.label}`, frame)),
      ),
      ...byDifficulty(ran, one.told, frame),
    ];
  });
  return new Map(figures);

  function trajectoriesOf({ rows }: Circumstances): Trajectory[] {
    return rows.flatMap((row) => {
      const steps = hidden?.has(row) === true ? [] : stepsOf(row);
      return steps.length === 0 ? [] : [{ row, label: rowLabel(row, rows, view, parts), steps }];
    });
  }

  function stepsOf({ dataset, backbone, method, options, seeds }: SummaryRow): StepRecord[] {
    const name = JSON.stringify({ dataset, backbone, method, options });
    const record = found.records.find(({ config: { seed, audit, ...key } }) => {
      return audit === undefined && seed === seeds[0] && JSON.stringify(key) === name;
    });
    return (record?.log ?? []).filter(isStep);
  }
}

function isStep(line: LogRecord): line is StepRecord {
  return "losses" in line;
}

/** The most points of a line; more would hide each other where steps differ from batch to batch. */
const mostPoints = 50;

function byLoss({ steps }: Trajectory, of: keyof typeof quantities, label: string, frame: Frame): [string, Figure] {
  const length = Math.ceil(steps.length / mostPoints);
  const stretches = Array.from({ length: Math.ceil(steps.length / length) }, (_, n) =>
    steps.slice(n * length, (n + 1) * length),
  );
  const points = stretches.flatMap((stretch) =>
    Object.keys(stretch[0][of]).map((name): LinePoint => {
      const y = stretch.reduce((sum, { [of]: values }) => sum + values[name], 0) / stretch.length;
      return { series: name === "kl" ? "KL" : name, x: stretch[stretch.length - 1].step, y };
    }),
  );
  const quantity = quantities[of];
  const figure = lineChart(points, {
    ...frame,
    ...{ caption: `Step by step, ${quantity}: ${label}`, xTitle: "step", yTitle: quantity, points: false },
    ...(of === "weights" ? { yDomain: [0, 1] as const } : {}),
  });
  return [figureName(`trajectory-${of}`, label), figure];
}

function byDifficulty(ran: readonly Trajectory[], label: string, frame: Frame): [string, Figure][] {
  const points = ran.flatMap(
    ({ label: series, steps }) =>
    steps.flatMap(({ step, difficulty }): LinePoint[] => (difficulty === null ? [] : [{ series, x: step, y: difficulty }])), // prettier-ignore
  );
  if (points.length === 0) return [];
  const caption = `Step by step, difficulty of the batch${label === "" ? "" : `: ${label}`}`;
  const titles = { caption, xTitle: "step", yTitle: "difficulty of the batch" };
  const figure = lineChart(points, { ...frame, ...titles, points: false });
  return [[figureName("trajectory-difficulty", label), figure]];
}
