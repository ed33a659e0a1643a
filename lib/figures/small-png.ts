import { crc32 } from "node:zlib";
import { fflate } from "./libraries";

/** A picture's pixels: red, green, blue and opacity of each, row by row, colours multiplied by their opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** PNG's kinds of pixels, with the bytes that each takes. */
const kinds = { rgb: { code: 2, bytes: 3 }, palette: { code: 3, bytes: 1 }, rgba: { code: 6, bytes: 4 } } as const;

/**
 * A PNG in less than half of the renderer's bytes, for notebooks, which hold dozens: with a palette of at most 256
 * colours where those are enough, else without opacity where nothing shines through. Charts are flat, so that rows
 * compress best as they are. Compressed in JavaScript: Node's zlib gives other bytes with another version.
 *
 * Areas keep their colours. Shades of edges are fewer: see {@link sharedShades}.
 *
 * See the PNG specification (W3C 2003), sections 11.2 and 11.3.
 */
export function smallPng({ width, height, pixels }: Pixels): Buffer {
  const { indices, colours, isOpaque } = sharedShades(paletteOf(pixels));
  const kind = colours.length <= 256 ? kinds.palette : isOpaque ? kinds.rgb : kinds.rgba;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, kind.code], 8); // 8 bits a channel; the other fields are 0
  const rows = new Uint8Array(height * (1 + width * kind.bytes)); // each row begins with its filter: 0, none
  for (let at = 0, y = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) {
      const index = indices[y * width + x];
      if (kind === kinds.palette) rows[at++] = index;
      else for (let channel = 0; channel < kind.bytes; channel++) rows[at++] = colours[index][channel];
    }
  }
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...(kind === kinds.palette ? [chunk("PLTE", Uint8Array.from(colours.flatMap((one) => one.slice(0, 3))))] : []),
    ...(kind === kinds.palette && !isOpaque ? [chunk("tRNS", Uint8Array.from(colours.map((one) => one[3])))] : []),
    chunk("IDAT", fflate().zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The colours of a picture in the order that they appear, and which of them each pixel has. */
interface Palette {
  readonly indices: Uint32Array;
  readonly colours: readonly (readonly number[])[];
  readonly isOpaque: boolean;
}

function paletteOf(pixels: Uint8Array): Palette {
  const indices = new Uint32Array(pixels.length / 4);
  const colours: number[][] = [];
  const known = new Map<number, number>();
  const keys = new Uint32Array(Uint8Array.from(pixels).buffer); // a pixel each; a copy begins where words may
  let isOpaque = true;
  for (let i = 0; i < indices.length; i++) {
    if (i > 0 && keys[i] === keys[i - 1]) {
      indices[i] = indices[i - 1]; // as most pixels of a chart
      continue;
    }
    let index = known.get(keys[i]);
    if (index === undefined) {
      const [red, green, blue, opacity] = pixels.subarray(4 * i, 4 * i + 4);
      index = colours.length;
      known.set(keys[i], index);
      isOpaque &&= opacity === 255;
      const apart = (value: number) => (opacity === 0 ? 0 : Math.min(255, Math.round((255 * value) / opacity)));
      colours.push([apart(red), apart(green), apart(blue), opacity]);
    }
    indices[i] = index;
  }
  return { indices, colours, isOpaque };
}

/** More are no chart's edges but a gradient. */
const mostShades = 4096;
/** Of 255, in each channel: less than is seen in a pixel's breadth. */
const nearShade = 16;
/** The share of a picture that is an area, and no edge. */
const areaShare = 0.001;

/** Where a colour stands that differs little in each channel; -1 where none does. */
function nearIn(kept: readonly (readonly number[])[], [red, green, blue, opacity]: readonly number[]): number {
  const isNear = (a: number, b: number) => Math.abs(a - b) <= nearShade;
  return kept.findIndex(
    (one) => isNear(one[0], red) && isNear(one[1], green) && isNear(one[2], blue) && isNear(one[3], opacity),
  );
}

/** Colours of less than a thousandth of the picture, which edges have, become the most frequent near one. */
function sharedShades({ indices, colours, isOpaque }: Palette): Palette {
  if (colours.length > mostShades) return { indices, colours, isOpaque };
  const counts = new Uint32Array(colours.length);
  for (const index of indices) counts[index]++;
  const byCount = Array.from(colours.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const kept: (readonly number[])[] = [];
  const now = new Uint32Array(colours.length);
  for (const index of byCount) {
    const near = counts[index] < areaShare * indices.length ? nearIn(kept, colours[index]) : -1;
    now[index] = near < 0 ? kept.push(colours[index]) - 1 : near;
  }
  return { indices: indices.map((index) => now[index]), colours: kept, isOpaque };
}
