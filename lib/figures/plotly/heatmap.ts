import type { Datum } from "../spec";
import type { PlotlyAxis } from "./axis";
import { numberColours } from "./colours";
import { asDrawn, type DrawnTrace } from "./mark";
import { isList, lengthOf, NotDrawnError, numberOf, type Part } from "./values";

/**
 * Draws a matrix as coloured cells, `z[row][column]`; a cell without a number stays empty.
 *
 * @throws NotDrawnError for cells that are not evenly spaced, or not on linear axes or axes of categories
 */
export function drawHeatmap(trace: Part, x: PlotlyAxis, y: PlotlyAxis): DrawnTrace {
  const rows = isList(trace["z"]) ? Array.from(trace["z"]) : [];
  if (!rows.every(isList)) throw new NotDrawnError("a heatmap whose z is no list of rows");
  const columns = rows.reduce((most: number, row) => Math.max(most, (row as ArrayLike<unknown>).length), 0);
  const [xs, ys] = [edges(trace, x, columns), edges(trace, y, rows.length)];
  const cells = rows.flatMap((row, r) =>
    Array.from(row as ArrayLike<unknown>, (value, c) => ({ value: numberOf(value), r, c })),
  );
  const found = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const colours = numberColours(trace, found, "zmin", "zmax");
  const data = cells.flatMap(({ value, r, c }): Datum[] => {
    const color = colours.of(value);
    if (color === null || value === null) return [];
    return [{ x: xs[c], x2: xs[c + 1], y: ys[r], y2: ys[r + 1], color, value, opacity: lengthOf(trace["opacity"], 1) }];
  });
  const ends = { x2: { field: "x2" }, y2: { field: "y2" } };
  return {
    layers: [
      {
        data,
        mark: () => ({ type: "rect", strokeWidth: 0 }),
        encoding: () => ({ ...ends, ...asDrawn("color", "opacity") }),
      },
    ],
    x: { values: xs, marks: false, zero: false },
    y: { values: ys, marks: false, zero: false },
    ...(colours.bar && found.length > 0 && { bar: colours.bar }),
  };
}

/** Where cells begin and end. */
function edges(trace: Part, axis: PlotlyAxis, count: number): number[] {
  if (axis.kind === "log" || axis.kind === "date") throw new NotDrawnError(`a heatmap on an axis of type ${axis.kind}`);
  const list = trace[axis.letter];
  const places = isList(list)
    ? Array.from(list, axis.place)
    : Array.from({ length: count }, (_, i) => (numberOf(trace[`${axis.letter}0`]) ?? 0) + i * lengthOf(trace[`d${axis.letter}`], 1)); // prettier-ignore
  const known = places.filter((place) => place !== null);
  const step = known.length > 1 ? known[1] - known[0] : 1;
  const isEven = known.every((place, i) => Math.abs(place - known[0] - i * step) < 1e-6 * Math.abs(step));
  if (known.length !== count || step <= 0 || !isEven)
    throw new NotDrawnError(`a heatmap whose cells are not one by one, evenly spaced along ${axis.letter}`);
  return Array.from({ length: count + 1 }, (_, i) => known[0] + (i - 0.5) * step);
}
