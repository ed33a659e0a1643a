import { Resvg } from "@resvg/resvg-js";
import { type Box, type Figure } from "recsys-unlearning/figures";

/** Pixels per point: signs are some points wide. */
const zoom = 4;
/** A difference of greys that is seen at a glance, of 255. */
const visible = 32;
/** The share of two signs' ink that has to differ so. */
const leastShare = 0.15;

/**
 * The series of a figure in greys that cannot be told apart, by the pixels of their signs in its legend: those that
 * differ neither in luminance nor in dash, marker or hatch.
 */
export function greyFaults(figure: Figure): string[] {
  const grey = figure.inLook({ grey: true });
  const { pixels, width, height } = new Resvg(grey.toSvg(), {
    fitTo: { mode: "zoom", value: zoom },
    font: { loadSystemFonts: false },
  }).render();
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return ["the picture is not grey"];
  const symbols = legendSymbols(grey);
  const halfOf = (lengths: readonly number[]) => Math.ceil((zoom * Math.max(...lengths)) / 2);
  const [half, up] = [symbols.map(({ x1, x2 }) => x2 - x1), symbols.map(({ y1, y2 }) => y2 - y1)].map(halfOf);
  const shadeAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 255 : pixels[4 * (y * width + x)];
  const signs = symbols.map(({ x1, x2, y1, y2 }) => {
    const [x, y] = [Math.round((zoom * (x1 + x2)) / 2), Math.round((zoom * (y1 + y2)) / 2)];
    return Array.from({ length: 4 * half * up }, (_, i) =>
      shadeAt(x - half + (i % (2 * half)), y - up + Math.floor(i / (2 * half))),
    );
  });
  return signs.flatMap((sign, i) =>
    signs.slice(0, i).flatMap((other, j) => {
      const share = differing(sign, other);
      return share >= leastShare
        ? []
        : [`signs ${j + 1} and ${i + 1} differ in ${(100 * share).toFixed(0)} % of their ink`];
    }),
  );
}

/** Where the signs of a figure's legend are. */
export function legendSymbols(figure: Figure): Box[] {
  return figure.drawnPicture().items.flatMap(({ role, box }) => (role === "legend-symbol" ? [box] : []));
}

/** The share of ink that differs visibly. */
function differing(a: readonly number[], b: readonly number[]): number {
  let [ink, other] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Math.min(a[i], b[i]) > 255 - visible) continue;
    ink++;
    if (Math.abs(a[i] - b[i]) >= visible) other++;
  }
  return ink === 0 ? 0 : other / ink;
}
