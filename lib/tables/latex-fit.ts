import { textWidthPt } from "./glyph-widths";
import type { Grid } from "./latex-grid";
import { measureGrid } from "./latex-measure";
import type { Spread } from "./latex-number";
import type { LatexOptions, LatexPage } from "./latex-options";
import { type LatexFloat, leading, type Placing, placeGrid } from "./latex-place";

/** A way of setting a table, and the floats it takes. */
export interface Fitted extends Placing {
  readonly spread: Spread;
  readonly span: "column" | "text";
  readonly floats: readonly LatexFloat[];
}

/** Half the space between two columns in points, from what LaTeX has to the least that tells columns apart. */
export const smallestGap = 2.5;
const gaps = [6, 5, 4, 3, smallestGap];

/** What stands above and below a table; its size depends on how wide the table may be. */
export interface Words {
  readonly caption: string;
  note(spread: Spread): string;
}

/**
 * The first way of setting a table in which it fits in one block: spreads apart before spreads in parentheses, one
 * column before two, the more natural layout before others, larger type before smaller, wider space before narrower.
 * Where there is none, the one that takes the fewest floats; `null` where the heads leave no room for a single column.
 */
export function fitGrids(grids: readonly Grid[], page: LatexPage, words: Words, options: LatexOptions): Fitted | null {
  let best: Fitted | null = null;
  for (const way of waysOf(grids, page, options)) {
    const room = { widthPt: widthOfSpan(page, way.span), heightPt: page.heightPt - wordsHeight(page, words, way) };
    const floats = placeGrid(way, room);
    if (floats === null) continue;
    const fitted = { ...way, floats };
    if (floats.length === 1 && floats[0].length === 1) return fitted;
    if (best === null || costOf(fitted) < costOf(best)) best = fitted;
  }
  return best;
}

function costOf({ floats }: Fitted): number {
  return 1000 * floats.length + floats.reduce((sum, blocks) => sum + blocks.length, 0);
}

function* waysOf(grids: readonly Grid[], page: LatexPage, options: LatexOptions): Generator<Omit<Fitted, "floats">> {
  const { family = "serif" } = page;
  for (const spread of spreadsOf(options))
    for (const span of spansOf(options, page))
      for (const grid of grids)
        for (const sizePt of sizesOf(page)) {
          const measured = measureGrid(grid, { family, sizePt, spread, numbers: options.numbers ?? "plain" });
          for (const gapPt of gaps) yield { grid, measured, sizePt, gapPt, spread, span };
        }
}

export function spreadsOf({ spread = "fit" }: LatexOptions): Spread[] {
  return spread === "fit" ? ["separate", "parentheses"] : [spread];
}

export function spansOf({ span = "fit" }: LatexOptions, { columnPt, textPt }: LatexPage): ("column" | "text")[] {
  return span !== "fit" ? [span] : columnPt < textPt ? ["column", "text"] : ["column"];
}

export function widthOfSpan({ columnPt, textPt }: LatexPage, span: "column" | "text"): number {
  return span === "column" ? columnPt : textPt;
}

/** Whole sizes from the body's to the smallest; at them every TeX font is drawn. */
export function sizesOf({ bodyPt, smallestPt }: LatexPage): number[] {
  const sizes = [];
  for (let size = Math.floor(bodyPt); size > smallestPt; size--) sizes.push(size);
  return [...sizes, smallestPt];
}

/** What caption and note take with the space around them. */
export function wordsHeight(
  page: LatexPage,
  { caption, note }: Words,
  way: Pick<Fitted, "span" | "spread" | "sizePt">,
): number {
  const width = widthOfSpan(page, way.span);
  const linesOf = (text: string, sizePt: number) =>
    Math.ceil((1.1 * textWidthPt(text, page.family ?? "serif", sizePt)) / width);
  const captionLines = linesOf(`Table 10: ${caption}`, page.bodyPt);
  const noteText = note(way.spread);
  const noteLines = noteText === "" ? 0 : linesOf(noteText, way.sizePt) + 0.5;
  return captionLines * leading * page.bodyPt + captionSpace + noteLines * leading * way.sizePt;
}

/** Classes leave some 10 pt on each side of a caption. */
const captionSpace = 20;
