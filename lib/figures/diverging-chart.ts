import { InvalidArgumentError } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { textWidth } from "./fonts";
import { hatched } from "./hatch";
import { seriesEncoding, shownName } from "./series";
import { levelTitle, rowAxis, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One bar: a name and how far it goes to either side. */
export interface DivergingValue {
  readonly label: string;
  readonly value: number;
}

export interface DivergingChartOptions extends FigureOptions {
  /** The title of the axis of values, with its unit. */
  readonly valueTitle: string;
  /** What bars to the right and to the left are, for the legend. */
  readonly sides: readonly [right: string, left: string];
}

const framePoints = 56;
const lineHeight = 10;
const rowGap = 3;
/** The share of the width that names take at most. */
const nameShare = 0.5;

/**
 * Bars to the right and left of a line at 0, one below the other in the order given, each with its name at the left.
 * The left side is hatched, so that sides differ without colour.
 *
 * @throws InvalidArgumentError for a value that is not finite, or a label that stands twice
 * @example
 * divergingChart([{ label: "row 12", value: -0.2 }, { label: "row 40", value: 0.1 }], {
 *   ...{ valueTitle: "change of the score", sides: ["against", "for"], caption: "What two rows do to a score." },
 * });
 */
export function divergingChart(values: readonly DivergingValue[], options: DivergingChartOptions): Figure {
  const labels = values.map(({ label }) => shownName(label));
  const twice = labels.find((label, k) => labels.indexOf(label) !== k);
  if (twice !== undefined)
    throw new InvalidArgumentError(`two bars are called ${JSON.stringify(twice)}`, {
      where: "divergingChart",
      remedy: "give each a name of its own",
    });
  const series = options.sides.map(shownName);
  requireFinite(values);
  const wide = options.width ?? "page";
  const width = widthInPoints(wide);
  const room = Math.min(Math.max(0, ...labels.map((label) => textWidth(label, 8, false))) + 1, nameShare * width);
  const names = rowAxis(labels, room);
  const data = values.map(({ value }, k) => ({
    ...{ label: names.name(labels[k]), value, series: series[value < 0 ? 1 : 0] },
  }));
  const lines = Math.max(1, ...names.domain.map((name) => name.split("\n").length));
  const height = (framePoints + values.length * (lines * lineHeight + rowGap)) / 72;
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const title = levelTitle(options.valueTitle, width - room - 20);
    const axis = { tickCount: 5, grid: true, labelFlush: false };
    const y = {
      ...{ field: "label", type: "nominal", title: null, sort: null },
      scale: { domain: names.domain, paddingInner: 0.3, paddingOuter: 0.2 },
      axis: { ...rowAxis(labels, room, medium).axis, ticks: false },
    };
    const { color } = seriesEncoding(series, ["color"], width - room, medium);
    const rule = { type: "rule", color: "#222222", strokeWidth: 0.8 * u };
    return {
      layer: [
        {
          mark: { type: "bar" },
          encoding: {
            y,
            x: { field: "value", type: "quantitative", title, scale: { zero: true }, axis },
            color,
          },
        },
        { data: { values: [{ value: 0 }] }, mark: rule, encoding: { x: { field: "value", type: "quantitative" } } },
      ],
    };
  };
  return new Figure(data, { height, ...options, width: wide }, body, hatched(series.length));
}

function requireFinite(values: readonly DivergingValue[]): void {
  for (const { label, value } of values)
    if (!Number.isFinite(value))
      throw new InvalidArgumentError(`the bar ${JSON.stringify(label)} has the value ${value}`, {
        where: "divergingChart",
        remedy: "leave it out",
      });
}
