// What a notebook's file holds of a figure: the same picture and the same data, in fewer bytes.
import { Resvg } from "@resvg/resvg-js";
import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "recsys-unlearning/core";
import { type LinePoint, lineChart, type VegaLiteSpec } from "recsys-unlearning/figures";
import { compactData } from "../../lib/figures/compact-data";
import { drawSvg } from "../../lib/figures/render";
import { smallPng } from "../../lib/figures/small-png";

const points = Array.from({ length: 120 }, (_, x): LinePoint => {
  const y = Math.sin(x / 9) / 3;
  return {
    series: x % 2 === 0 ? 'a, "quoted"' : "b\u2028é",
    x,
    y,
    ...(x % 3 === 0 && { low: y - 0.1, high: y + 0.1 }),
  };
});
const withoutBands = points.slice(0, 12).map(({ x, y }) => ({ series: "a", x, y }));
const plain = lineChart(withoutBands, { caption: "A line", xTitle: "step", yTitle: "loss" });
const figure = lineChart(points, { caption: "A line", xTitle: "step", yTitle: "loss" });

/** The pixels of a PNG, as another program reads them. */
function pixelsOf(png: Buffer): Buffer {
  const url = `data:image/png;base64,${png.toString("base64")}`;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="${url}" width="${width}" height="${height}"/></svg>`;
  return new Resvg(svg).render().pixels;
}

describe("a notebook's picture", () => {
  it.each([
    ["of lines", plain],
    ["of bands over each other", figure],
  ])("looks as the renderer's, in less than half of the bytes: %s", (_, drawn) => {
    const rendered = new Resvg(drawn.toSvg("screen"), { font: { loadSystemFonts: false } }).render();
    const small = smallPng(rendered);
    expect(small[25]).toBe(3); // a palette
    expect(small.length).toBeLessThan(0.5 * rendered.asPng().length);
    const [before, now] = [Buffer.from(rendered.pixels), pixelsOf(small)];
    const differences = now.map((value, i) => Math.abs(value - before[i]));
    expect(Math.max(...new Set(differences))).toBeLessThanOrEqual(16);
    expect(differences.filter((one) => one > 0).length).toBeLessThan(0.02 * now.length);
  });

  it.each([
    ["more than 256 colours", 300, 2],
    ["a palette with shadows", 7, 3],
    ["more than 256 colours with shadows", 256, 6],
  ])("keeps %s", (_, many, kind) => {
    const isShadow = kind !== 2;
    const pixels = Uint8Array.from({ length: 4 * 40 * 20 }, (_, i) => {
      const at = i >> 2;
      const opacity = isShadow && at % 5 === 0 ? (at % 2) * 128 : 255;
      const colour = at % (many + 1);
      const value = [colour % 256, (3 * colour) % 256, colour > 255 ? 40 : 0, 255][i % 4];
      return Math.round((value * opacity) / 255); // colours are multiplied by their opacity
    });
    const png = smallPng({ width: 40, height: 20, pixels });
    expect(png[25]).toBe(kind);
    const again = pixelsOf(png);
    again.forEach((value, i) => expect(Math.abs(value - pixels[i])).toBeLessThanOrEqual(isShadow ? 1 : 0));
  });
});

describe("a notebook's specification", () => {
  const shown = figure[jupyterDisplay]()["application/vnd.vegalite.v5+json"] as VegaLiteSpec;
  const spec = figure.spec("screen");

  it("draws the same from fewer bytes", () => {
    expect(typeof (shown["data"] as { values: unknown }).values).toBe("string");
    expect(drawSvg(shown)).toBe(drawSvg(spec));
    expect(JSON.stringify(shown, null, 1).length).toBeLessThan(0.6 * JSON.stringify(spec, null, 1).length);
  });

  it.each([
    ["an empty text", ""],
    ["a text among numbers", 1],
    ["nothing among texts", null],
    ["what is true", true],
  ])("leaves data that CSV would change: %s", (_, value) => {
    const values = points.map((_, i) => ({ a: i, b: i === 7 ? value : "b" }));
    const odd = { mark: "point", data: { values } };
    expect(compactData(odd as VegaLiteSpec)).toBe(odd);
  });
});
