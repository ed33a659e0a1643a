import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** By how much two screenshots of the same may differ: edges of letters, a line that is moved by a pixel. */
const mostOfInk = 0.05;
const mostPixelsOfSize = 4;

/** How far a picture is from the one that is kept. */
export interface Comparison {
  /** Pixels that differ, over those that are not background in either. */
  readonly share: number;
  /** The two pictures' sizes, if they are too far apart to be compared. */
  readonly sizes: string | undefined;
  readonly isSame: boolean;
}

/**
 * Compares two screenshots by what is drawn in them: on a page that is mostly background, a share of all pixels would
 * let a missing word pass. Antialiased pixels do not count (pixelmatch's way to find them).
 */
export function comparePictures(kept: Buffer, now: Buffer): Comparison {
  const [a, b] = [PNG.sync.read(kept), PNG.sync.read(now)];
  if (Math.abs(a.width - b.width) > mostPixelsOfSize || Math.abs(a.height - b.height) > mostPixelsOfSize)
    return { share: 1, sizes: `${a.width} x ${a.height}, now ${b.width} x ${b.height}`, isSame: false };
  const size = { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) };
  const [first, second] = [cut(a, size), cut(b, size)];
  const differing = pixelmatch(first, second, undefined, size.width, size.height, { threshold: 0.2 });
  const share = differing / Math.max(1, inkOf(first, second));
  return { share, sizes: undefined, isSame: share <= mostOfInk };
}

function cut(picture: PNG, { width, height }: { width: number; height: number }): Buffer {
  const part = new PNG({ width, height });
  PNG.bitblt(picture, part, 0, 0, width, height, 0, 0);
  return part.data;
}

/** The number of pixels that are not background in either of two pictures of the same size. */
function inkOf(a: Buffer, b: Buffer): number {
  const colours = [a, b].map((pixels) => new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4));
  const [groundA, groundB] = colours.map(mostFrequent);
  return colours[0].reduce((ink, colour, i) => ink + (colour !== groundA || colours[1][i] !== groundB ? 1 : 0), 0);
}

function mostFrequent(colours: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
