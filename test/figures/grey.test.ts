import { describe, expect, it } from "vitest";
import { barChart, dotChart, type Figure, lineChart, scatterChart } from "recsys-unlearning/figures";
import { greyFaults, legendSymbols } from "./grey-series";

const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
const titles = { caption: "c", xTitle: "x", yTitle: "y" };
const points = (count: number) =>
  names.slice(0, count).flatMap((series, i) => [1, 2].map((x) => ({ series, x, y: x + i })));
const values = (count: number) => names.slice(0, count).map((series, i) => ({ group: "g", series, value: i + 1 }));

const kinds: Readonly<Record<string, (count: number) => Figure>> = {
  bars: (count) => barChart(values(count), { caption: "c", valueTitle: "v" }),
  dots: (count) => dotChart(values(count), { caption: "c", valueTitle: "v" }),
  lines: (count) => lineChart(points(count), titles),
  marks: (count) => scatterChart(points(count), titles),
};

describe.each(Object.entries(kinds))("a grey print of %s", (_, chart) => {
  it.each([8, 12])("tells %d series apart, in its pixels", (count) => {
    const figure = chart(count);
    expect(legendSymbols(figure)).toHaveLength(count);
    expect(greyFaults(figure)).toEqual([]);
  });
});

it("one marker in one grey tells no series apart", () => {
  const marker = Object.fromEntries(names.map((name) => [name, "circle"]));
  const same = kinds["marks"](3).inLook({ marker, palette: ["#555555"] });
  expect(greyFaults({ ...same, inLook: () => same } as unknown as Figure)).toHaveLength(3);
});
