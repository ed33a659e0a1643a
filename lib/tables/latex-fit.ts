import type { Grid } from "./latex-grid";
import { type Measured, measureGrid } from "./latex-measure";
import type { Spread } from "./latex-number";
import type { LatexOptions, LatexPage } from "./latex-options";
import {
  type LatexFloat,
  leading,
  type Placing,
  placeGrid,
  type Room,
  wholeBlock,
  wholeHeight,
  widthOf,
} from "./latex-place";
import type { Ruler } from "./text-width";

/** A way of setting a table, and the floats it takes. */
export interface Fitted extends Placing {
  readonly spread: Spread;
  readonly span: "column" | "text";
  readonly floats: readonly LatexFloat[];
}

/** Half the space between two columns in points, from what LaTeX has to the least that tells columns apart. */
export const smallestGap = 2.5;
const gaps = [6, 5, 4, 3, smallestGap];

/** What stands above and below a table, and what measures it and the table. */
export interface Words {
  readonly ruler: Ruler;
  readonly caption: string;
  note(spread: Spread): string;
}

/** What is looked for: the layouts of a table, and where it has to fit. */
export interface Search {
  readonly grids: readonly Grid[];
  readonly page: LatexPage;
  readonly words: Words;
  readonly options: LatexOptions;
}

/**
 * The first way of setting a table in which it fits in one block: names of rows in one line before broken ones, spreads
 * apart before spreads in parentheses, one column before two, the more natural layout before others, larger type before
 * smaller, wider space before narrower. Where there is none, the one in the smallest type that takes the fewest floats;
 * `null` where the names of rows leave no room for a single column.
 */
export function fitGrids(search: Search): Fitted | null {
  const sizes = sizesOf(search.page);
  const ways = [...waysOf(search)];
  for (const way of ways) {
    if (inOneBlock(search, way, sizes[sizes.length - 1]) === null) continue; // larger type is no narrower
    for (const sizePt of sizes) {
      const fitted = inOneBlock(search, way, sizePt);
      if (fitted !== null) return fitted;
    }
  }
  const split = ways.flatMap((way) => inFloats(search, way, sizes[sizes.length - 1]) ?? []);
  return split.length === 0 ? null : split.reduce((best, way) => (costOf(way) < costOf(best) ? way : best));
}

/** A way of setting a table, its size aside. */
interface Way extends Pick<Fitted, "grid" | "spread" | "span"> {
  readonly headPt: number;
  /** The columns at a size, measured when they are asked for. */
  measured(sizePt: number): Measured;
}

function* waysOf({ grids, page, words, options }: Search): Generator<Way> {
  const { numbers = "plain" } = options;
  const measure = remembered((grid: Grid, spread: Spread, headPt: number, sizePt: number) =>
    measureGrid(grid, { ruler: words.ruler, sizePt, spread, numbers, headPt }),
  );
  for (const isBroken of [false, true])
    for (const spread of spreadsOf(options))
      for (const span of spansOf(options, page))
        for (const grid of grids) {
          const headPt = isBroken ? brokenShare * widthOfSpan(page, span) : Infinity;
          yield { grid, spread, span, headPt, measured: (sizePt) => measure(grid, spread, headPt, sizePt) };
        }
}

/** A function that is asked only once for the same. */
function remembered<A extends unknown[], R>(make: (grid: Grid, ...rest: A) => R): (grid: Grid, ...rest: A) => R {
  const known = new Map<Grid, Map<string, R>>();
  return (grid, ...rest) => {
    const own = known.get(grid) ?? new Map<string, R>();
    known.set(grid, own);
    const key = rest.join(" ");
    const found = own.get(key) ?? make(grid, ...rest);
    own.set(key, found);
    return found;
  };
}

/** How wide names of rows are that are broken, for the width there is. */
const brokenShare = 0.18;

/** A table as one block with the widest space between columns that fits; `null` where none does. */
function inOneBlock({ page, words }: Search, way: Way, sizePt: number): Fitted | null {
  const placing = { ...way, sizePt, measured: way.measured(sizePt) };
  const { widthPt, heightPt } = roomOf(page, words, { ...way, sizePt });
  const gapPt = gaps.find((gap) => widthOf({ ...placing, gapPt: gap }) <= widthPt);
  if (gapPt === undefined || wholeHeight(placing) > heightPt) return null;
  return { ...placing, gapPt, floats: [[wholeBlock({ ...placing, gapPt })]] };
}

/** A table in as many blocks as it takes; `null` where not one column of values fits. */
function inFloats({ page, words }: Search, way: Way, sizePt: number): Fitted | null {
  const placing = { ...way, sizePt, measured: way.measured(sizePt), gapPt: smallestGap };
  const floats = placeGrid(placing, roomOf(page, words, placing));
  return floats === null ? null : { ...placing, floats };
}

/** One float more is worse than any number of blocks. */
function costOf({ floats }: Fitted): number {
  return 1000 * floats.length + floats.flat().length;
}

/** What a float has for its blocks. */
export function roomOf(page: LatexPage, words: Words, way: Pick<Fitted, "span" | "spread" | "sizePt">): Room {
  return { widthPt: widthOfSpan(page, way.span), heightPt: page.heightPt - wordsHeight(page, words, way) };
}

export function spreadsOf({ spread = "fit" }: LatexOptions): Spread[] {
  return spread === "fit" ? ["separate", "parentheses"] : [spread];
}

export function spansOf({ span = "fit" }: LatexOptions, { columnPt, textPt }: LatexPage): ("column" | "text")[] {
  return span !== "fit" ? [span] : columnPt < textPt ? ["column", "text"] : ["column"];
}

function widthOfSpan({ columnPt, textPt }: LatexPage, span: "column" | "text"): number {
  return span === "column" ? columnPt : textPt;
}

/** Whole sizes from the body's to the smallest; at them every TeX font is drawn. */
export function sizesOf({ bodyPt, smallestPt }: LatexPage): number[] {
  const sizes = [];
  for (let size = Math.floor(bodyPt); size > smallestPt; size--) sizes.push(size);
  return [...sizes, smallestPt];
}

/** What caption and note take with the space around them. */
function wordsHeight(
  page: LatexPage,
  { caption, note, ruler }: Words,
  way: Pick<Fitted, "span" | "spread" | "sizePt">,
): number {
  const width = widthOfSpan(page, way.span);
  const linesOf = (text: string, sizePt: number) => Math.ceil((1.1 * ruler(text, sizePt)) / width);
  const captionLines = 1 + linesOf(`Table 10: ${caption}`, page.bodyPt); // some set the number on a line of its own
  const noteText = note(way.spread);
  const noteLines = noteText === "" ? 0 : linesOf(noteText, way.sizePt) + 0.5;
  return captionLines * leading * page.bodyPt + captionSpace + noteLines * leading * way.sizePt;
}

/** Classes leave some 10 pt on each side of a caption. */
const captionSpace = 20;
