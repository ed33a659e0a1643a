import { InvalidArgumentError } from "../core";
import { fontFamily } from "./fonts";

/** Okabe and Ito's colours, told apart with any kind of colour vision; the palest last. */
export const palette = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#000000",
  "#F0E442",
] as const;

/** Point shapes, one beside each colour, so that a figure survives a black-and-white printer. */
export const shapes = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
] as const;

/** Line dashes in points, one beside each colour. */
export const dashes: readonly (readonly number[])[] = [
  [],
  [4, 2],
  [1, 1.5],
  [6, 1.5, 1, 1.5],
  [2, 1],
  [8, 2],
  [4, 1, 1, 1, 1, 1],
  [1, 3],
];

/** The dashes in a medium's units. */
export function dashesIn(medium: Medium): number[][] {
  return dashes.map((dash) => dash.map((length) => length * unitOf(medium)));
}

/** Widths of a two-column paper, in inches. */
export const columnInches = { column: 3.3, page: 6.9 } as const;

/**
 * Where a figure is shown: on paper one unit of the picture is a point (1/72 inch) and text is 8 points; on a screen
 * the same picture is drawn with everything 1.6 times as large.
 */
export type Medium = "paper" | "screen";

/** Units of the picture per point of the paper. */
export function unitOf(medium: Medium): number {
  return medium === "paper" ? 1 : 1.6;
}

/** Units of the picture for a width in a paper's terms. */
export function widthInPoints(width: keyof typeof columnInches | number): number {
  const inches = typeof width === "number" ? width : columnInches[width];
  if (!(inches > 0.5 && inches <= 40))
    throw new InvalidArgumentError(`a figure cannot be ${inches} inches wide`, {
      remedy: 'use "column" (3.3 in), "page" (6.9 in) or a number of inches from 0.5 to 40',
    });
  return inches * 72;
}

const ink = "#222222";
const faint = "#d9d9d9";

/** Vega-lite's config: the look of every figure, with sizes for a medium. */
export function themeConfig(medium: Medium): Record<string, unknown> {
  const u = unitOf(medium);
  const text = {
    labelFontSize: 8 * u,
    titleFontSize: 8 * u,
    titleFontWeight: "normal",
    labelColor: ink,
    titleColor: ink,
  };
  return {
    font: fontFamily,
    background: "white",
    padding: 2 * u,
    view: { stroke: null },
    range: { category: palette },
    mark: { aria: false }, // their descriptions would put titles, unescaped, into vega's expressions
    axis: {
      ...text,
      domainColor: ink,
      domainWidth: 0.6 * u,
      tickColor: ink,
      tickWidth: 0.6 * u,
      tickSize: 3 * u,
      gridColor: faint,
      gridWidth: 0.5 * u,
      labelPadding: 2 * u,
      titlePadding: 4 * u,
      labelLimit: 0, // no label and no title is cut
      titleLimit: 0,
      labelFlush: false, // at the ends of an axis labels stay at their ticks, clear of the next
      labelSeparation: 4 * u,
    },
    axisX: { grid: false, labelAngle: 0 },
    axisY: { tickCount: 5 },
    legend: {
      ...text,
      orient: "top",
      direction: "horizontal",
      title: null,
      offset: 4 * u,
      padding: 0,
      columnPadding: 8 * u,
      rowPadding: 2 * u,
      labelOffset: 3 * u,
      symbolSize: 40 * u * u,
      symbolStrokeWidth: 1.2 * u,
      labelLimit: 0, // no name is cut
    },
    header: { ...text, labelPadding: 3 * u },
    title: {
      ...{ fontSize: 8 * u, fontWeight: "normal", color: ink, limit: 0, lineHeight: 8 * u + 2 },
      ...{ subtitleFontSize: 8 * u, subtitleColor: ink, subtitlePadding: 4 * u },
    },
    text: { fontSize: 8 * u, color: ink },
    bar: { continuousBandSize: 8 * u },
    line: { strokeWidth: 1.2 * u },
    rule: { strokeWidth: 0.8 * u, color: ink },
    point: { size: 26 * u * u, strokeWidth: 1.2 * u, filled: true, opacity: 1 },
    area: { opacity: 0.2 },
  };
}
