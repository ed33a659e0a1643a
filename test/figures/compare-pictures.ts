import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Resvg } from "@resvg/resvg-js";

/** How alike two pictures are. */
export interface Comparison {
  /** The share of pixels that differ by more than a shade; 1 where the sizes differ. */
  readonly share: number;
  readonly isSame: boolean;
}

/** A shade that no one sees, of 255. */
const shade = 24;

/**
 * Compares two PNGs, and keeps the old, the new and their difference side by side where they are not alike.
 *
 * @param path of the PNG that is kept for review
 * @param tolerance the share of pixels that may differ. Default: 0.001
 */
export function comparePictures(old: Buffer, now: Buffer, path: string, tolerance = 0.001): Comparison {
  const [a, b] = [pixelsOf(old), pixelsOf(now)];
  const isSize = a.width === b.width && a.height === b.height;
  const share = isSize ? differing(a.pixels, b.pixels) : 1;
  const isSame = share <= tolerance;
  if (!isSame) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sideBySide(old, now, a, b));
  }
  return { share, isSame };
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

const image = (png: Buffer, x: number, style = "") =>
  `<image x="${x}" width="${png.readUInt32BE(16)}" height="${png.readUInt32BE(20)}" ${style} href="data:image/png;base64,${png.toString("base64")}"/>`;

const drawing = (width: number, height: number, content: string) =>
  new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${content}</svg>`,
  ).render();

function pixelsOf(png: Buffer): Pixels {
  const { width, height, pixels } = drawing(png.readUInt32BE(16), png.readUInt32BE(20), image(png, 0));
  return { width, height, pixels };
}

function differing(a: Buffer, b: Buffer): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 4)
    if ([0, 1, 2].some((channel) => Math.abs(a[i + channel] - b[i + channel]) > shade)) count++;
  return (4 * count) / a.length;
}

function sideBySide(old: Buffer, now: Buffer, a: Pixels, b: Pixels): Buffer {
  const width = Math.max(a.width, b.width) + 10;
  const difference = `<g style="isolation:isolate">${image(old, 2 * width)}${image(now, 2 * width, 'style="mix-blend-mode:difference"')}</g>`;
  return drawing(3 * width, Math.max(a.height, b.height), image(old, 0) + image(now, width) + difference).asPng();
}
