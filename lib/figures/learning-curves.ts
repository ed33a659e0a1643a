import type { Parts, RunRecord } from "../experiments";
import { summarise } from "../metrics";
import type { Figure } from "./figure";
import { lineChart, type LinePoint } from "./line-chart";

/** What a log has of every epoch, by the figure's name. */
const quantities = { validation: "score that early stopping watches", loss: "mean training loss" } as const;

/**
 * How trainings went, epoch by epoch: `curve-validation_DATASET` and `curve-loss_DATASET`, a line for each backbone, mean and 95 %
 * interval over seeds.
 *
 * @param records with logs, as views with `curves` have them; those without, and those of other methods than `method`, are left out
 */
export function learningCurves(
  records: readonly RunRecord[],
  parts: Parts,
  method = "original",
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
      const options = { caption: `Learning curves: ${label}`, xTitle: "epoch", yTitle: quantities[quantity] };
      figures.set(`curve-${quantity}_${dataset}`, lineChart(points, { ...options, intervals: "bands" }));
    }
  return figures;
}

function pointsOf(records: readonly RunRecord[], quantity: keyof typeof quantities, parts: Parts): LinePoint[] {
  const backbones = [...new Set(records.map(({ config }) => config.backbone))];
  return backbones.flatMap((backbone) => {
    const logs = records.flatMap(({ config, log = [] }) => (config.backbone === backbone ? [log] : []));
    const epochs = Math.max(...logs.map((log) => log.length));
    return Array.from({ length: epochs }, (_, k): LinePoint => {
      const { mean, interval } = summarise(logs.flatMap((log) => (k < log.length ? [log[k][quantity]] : [])));
      const [low, high] = interval ?? [null, null];
      return { series: parts.backbones[backbone].label, x: k + 1, y: mean, low, high };
    });
  });
}
