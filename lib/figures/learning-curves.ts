import type { LogRecord, Parts, RunRecord, SummaryRow } from "../experiments";
import { summarise } from "../metrics";
import type { EpochRecord } from "../training";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { lineChart, type LinePoint } from "./line-chart";
import { figureName } from "./summary-figures";

/** What a log has of every epoch, as axes name it; validation is what early stopping watches. */
const quantities = { validation: "validation score", loss: "training loss" } as const;

/** More epochs than these are not labelled one by one. */
const mostLabels = 16;

/**
 * How trainings went, epoch by epoch: `curve-validation_DATASET` and `curve-loss_DATASET`, a line for each backbone,
 * mean and 95 % interval over seeds.
 *
 * @param records with logs, as views with `curves` have them; those without, and those of other methods than `method`,
 *   are left out
 * @example
 * const { found } = (await experiment("cau-backbones")).result;
 * const curves = learningCurves(found.records, builtInParts);
 * curves.get("curve-validation_amazon-beauty")?.toSvg();
 */
export function learningCurves(
  records: readonly RunRecord[],
  parts: Parts,
  method = "original",
  { frame, whole = [] }: Drawing = {},
): ReadonlyMap<string, Figure> {
  const trained = records.filter(({ config, log }) => config.method === method && log !== undefined && log.length > 0);
  const figures = new Map<string, Figure>();
  for (const dataset of new Set(trained.map(({ config }) => config.dataset)))
    for (const quantity of ["validation", "loss"] as const) {
      const label = parts.datasets[dataset].label ?? dataset;
      const points = pointsOf(
        trained.filter(({ config }) => config.dataset === dataset),
        quantity,
        parts,
      );
      const models = narrowedModels(records, whole, dataset, new Set(points.map(({ series }) => series)));
      const epochs = [...new Set(points.map(({ x }) => x))];
      const figure = lineChart(points, {
        ...frame,
        caption: `Learning curves: ${[label, ...models, quantities[quantity]].join(", ")}`,
        xTitle: "epoch",
        yTitle: quantities[quantity],
        intervals: "bands",
        ...(epochs.length > mostLabels ? {} : { xValues: epochs }),
      });
      figures.set(figureName(`curve-${quantity}_${dataset}`, models.join(", ")), figure);
    }
  return figures;
}

/** The models that are drawn, where not all of a view's on a dataset are among the records. */
function narrowedModels(
  records: readonly RunRecord[],
  whole: readonly SummaryRow[],
  dataset: string,
  models: ReadonlySet<string>,
): readonly string[] {
  const chosen = new Set(records.flatMap(({ config }) => (config.dataset === dataset ? [config.backbone] : [])));
  return whole.some((row) => row.dataset === dataset && !chosen.has(row.backbone)) ? [...models] : [];
}

function pointsOf(records: readonly RunRecord[], quantity: keyof typeof quantities, parts: Parts): LinePoint[] {
  const backbones = [...new Set(records.map(({ config }) => config.backbone))];
  return backbones.flatMap((backbone) => {
    const logs = records.flatMap(({ config, log = [] }) => (config.backbone === backbone ? [log.filter(isEpoch)] : []));
    const epochs = Math.max(...logs.map((log) => log.length));
    return Array.from({ length: epochs }, (_, k): LinePoint => {
      const { mean, interval } = summarise(logs.flatMap((log) => (k < log.length ? [log[k][quantity]] : [])));
      const [low, high] = interval ?? [null, null];
      return { series: parts.backbones[backbone].label, x: k + 1, y: mean, low, high };
    });
  });
}

function isEpoch(line: LogRecord): line is EpochRecord {
  return "validation" in line;
}
