import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "recsys-unlearning/core";
import { divergingChart, drawnFaults } from "recsys-unlearning/figures";

const options = { caption: "made up", valueTitle: "added (logit)", sides: ["for", "against"] } as const;
const values = [
  { label: "♥ Star Wars: Episode IV - A New Hope (1977)", value: 0.8 },
  { label: "✗ by user 12", value: 0.1 },
  { label: "♥ Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1963)", value: -0.4 },
];

describe("a diverging chart", () => {
  it("draws each bar to its side of zero, in the order given, with whole names", () => {
    const picture = divergingChart(values, options).drawnPicture();
    expect(drawnFaults(picture)).toEqual([]);
    const bars = picture.items.filter(({ mark, role }) => mark === "rect" && role === "mark");
    expect(bars).toHaveLength(3);
    const [first, second, third] = bars.map(({ box }) => box);
    expect(first.x1).toBeCloseTo(second.x1, 3);
    expect(third.x2).toBeCloseTo(first.x1, 3);
    expect((first.x2 - first.x1) / (third.x2 - third.x1)).toBeCloseTo(2, 2);
    expect(first.y1).toBeLessThan(second.y1);
    expect(second.y1).toBeLessThan(third.y1);
    const names = picture.items.filter(({ role, orient }) => role === "axis-label" && orient === "left");
    expect(names.map(({ text }) => text?.replace(/\s+/g, " "))).toEqual(values.map(({ label }) => label));
  });

  it("hatches the left side alone, so that it is legible in grey", () => {
    expect(divergingChart(values, options).toSvg()).toContain('id="hatch1"');
    expect(
      divergingChart(values.slice(0, 2), { ...options })
        .toSvg()
        .match(/url\(#hatch1\)/g),
    ).toHaveLength(1); // legend
  });

  it("refuses names that stand twice and values that are no number", () => {
    expect(() => divergingChart([values[0], values[0]], options)).toThrow(InvalidArgumentError);
    expect(() => divergingChart([{ label: "a", value: NaN }], options)).toThrow(InvalidArgumentError);
  });
});
