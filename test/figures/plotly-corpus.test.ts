import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "recsys-unlearning/core";
import { type DrawnItem, drawnFaults, type DrawnPicture, type Figure, plotlyFigure } from "recsys-unlearning/figures";
import { type DrawnCase, drawnCases } from "./plotly-corpus/drawn";
import { refusedCases } from "./plotly-corpus/refused";

const caption = "corpus";

/** What the label of an axis says, as a number. */
function labelValue(text: string): number {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const plain = text.replace(
    /[⁻⁰¹²³⁴-⁹]+/g,
    (raised) => "e" + [...raised].map((c) => (c === "⁻" ? "-" : String(digits.indexOf(c)))).join(""),
  );
  return Number(
    plain
      .replace("10e", "1e")
      .replace("−", "-")
      .replace(/[,\s%]/g, ""),
  );
}

/** Where a value must be on an axis, told from the labels that are drawn at it alone. */
function ruler({ items }: DrawnPicture, letter: "x" | "y", one: DrawnCase): (value: number | string) => number {
  const side = letter === "x" ? "bottom" : "left";
  const labels = items.filter(({ role, orient }) => role === "axis-label" && orient === side);
  const named = (letter === "x" ? one.xLabels : one.yLabels) ?? [];
  const isNamed = named.length > 0 && Number.isNaN(labelValue(named[0]));
  const isOwn = isNamed || named.length === 2;
  const on = (value: number) => (one.log?.includes(letter) === true ? Math.log10(value) : value);
  const told = labels.map((label) => {
    const at = label.places[0][letter] - (letter === "x" ? 0.5 : 0.5); // vega draws axes half a pixel aside
    return { at, value: isOwn ? named.indexOf(label.text ?? "") : on(labelValue(label.text ?? "")) };
  });
  const [first, last] = told.length > 1 ? [told[0], told[told.length - 1]] : [told[0], told[0]];
  const step = told.length > 1 ? (last.at - first.at) / (last.value - first.value) : NaN;
  expect(Math.sign(step || 0)).toBe(
    told.length > 1 ? (letter === "x" ? 1 : -1) * (one.reversed?.includes(letter) === true ? -1 : 1) : 0,
  );
  return (value) => {
    const place = typeof value === "string" ? named.indexOf(value) : on(value);
    return told.length > 1 ? first.at + (place - first.value) * step : first.at;
  };
}

const marks = ({ items }: DrawnPicture, mark: string): DrawnItem[] =>
  items.filter((item) => item.mark === mark && item.role === "mark");

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1));
}

function expectDrawn(one: DrawnCase, picture: DrawnPicture): void {
  const texts = (role: string, side?: string) =>
    picture.items
      .filter((item) => item.role === role && (side === undefined || item.orient === side))
      .map(({ text }) => text);
  if (one.xLabels !== undefined) expect(texts("axis-label", "bottom")).toEqual(one.xLabels);
  if (one.yLabels !== undefined) expect(texts("axis-label", "left")).toEqual(one.yLabels);
  if (one.legend !== undefined) expect(texts("legend-label", "top")).toEqual(one.legend);
  if (one.texts !== undefined) expect(marks(picture, "text").map(({ text }) => text)).toEqual(one.texts);
  const at = () => [ruler(picture, "x", one), ruler(picture, "y", one)] as const;
  if (one.points !== undefined) {
    const [x, y] = one.points.length > 0 ? at() : [];
    const found = marks(picture, "symbol").flatMap(({ places: [place] }) => [place.x, place.y]);
    expectNear(found, one.points.flatMap((point) => [x?.(point[0]) ?? NaN, y?.(point[1]) ?? NaN])); // prettier-ignore
  }
  if (one.lines !== undefined) {
    const [x, y] = at();
    const found = marks(picture, "line").map(({ places }) => places.flatMap((place) => [place.x, place.y]));
    expect(found).toHaveLength(one.lines.length);
    one.lines.forEach((line, i) =>
      expectNear(
        found[i],
        line.flatMap((point) => [x(point[0]), y(point[1])]),
      ),
    );
  }
  if (one.bars !== undefined) {
    const [x, y] = one.bars.length > 0 ? at() : [() => 0, () => 0];
    const boxes = marks(picture, "rect").filter(({ box }) => Math.abs(box.y2 - box.y1) > 0.5);
    const inset = one.data.some(({ type }) => type === "box") ? 2 : 0; // the line around it
    const found = boxes.flatMap(({ box }) => [box.x1 + inset, box.x2 - inset, box.y1 + inset, box.y2 - inset]);
    const sorted = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)];
    expectNear(found, one.bars.flatMap(([a, b, c, d]) => [...sorted(x(a), x(b)), ...sorted(y(c), y(d))])); // prettier-ignore
  }
  if (one.errors !== undefined) {
    const [x, y] = at();
    const found = marks(picture, "rule").map(({ box }) =>
      [box.x1, box.y1, box.x2, box.y2].map((v, i) => v + (i < 2 ? 1 : -1)),
    );
    const wide = found.map(([a, b, c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]);
    const expected = one.errors.map(([a, b, c, d]) => [Math.min(x(a), x(c)), Math.min(y(b), y(d)), Math.max(x(a), x(c)), Math.max(y(b), y(d))]); // prettier-ignore
    expect(wide).toHaveLength(expected.length);
    wide.forEach((ends, i) => ends.forEach((v, k) => expect(Math.abs(v - expected[i][k])).toBeLessThan(2.1)));
  }
  const symbols = marks(picture, "symbol");
  if (one.xShares !== undefined) {
    const xs = symbols.map(({ places: [place] }) => place.x);
    const shares = xs.map((x) => (x - xs[0]) / (xs[xs.length - 1] - xs[0]));
    shares.forEach((share, i) => expect(share).toBeCloseTo((one.xShares ?? [])[i], 3));
  }
  if (one.colours !== undefined)
    expect(symbols.map(({ datum }) => (datum as { color: string }).color)).toEqual(one.colours);
  if (one.diameters !== undefined) expectNear(symbols.map(({ box }) => box.x2 - box.x1), one.diameters); // prettier-ignore
}

describe("the corpus of plotly figures", () => {
  it("has more than 40", () => {
    expect(drawnCases.length + refusedCases.length).toBeGreaterThan(40);
  });

  it.each(drawnCases.map((one) => [one.name, one] as const))("%s: drawn where plotly draws it", (_, one) => {
    const { picture, notDrawn } = plotlyFigure({ data: one.data, layout: one.layout ?? {}, caption });
    expect(notDrawn).toBeUndefined();
    const drawn = (picture as Figure).drawnPicture("screen");
    expectDrawn(one, drawn);
    expect(drawnFaults(drawn, 12.8)).toEqual([]);
  });

  it.each(refusedCases)("is refused by name: $names", ({ data, layout = {}, names }) => {
    const figure = plotlyFigure({ data, layout, caption });
    expect(figure.picture).toBeUndefined();
    const bundle = figure[jupyterDisplay]();
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "text/plain"]);
    expect(bundle["text/plain"]).toMatch(names);
    expect(() => figure.toPng()).toThrow(names);
  });
});
