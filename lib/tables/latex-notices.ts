import {
  type Fitted,
  sizesOf,
  smallestGap,
  spansOf,
  spreadsOf,
  widthOfSpan,
  type Words,
  wordsHeight,
} from "./latex-fit";
import type { Grid } from "./latex-grid";
import { measureGrid } from "./latex-measure";
import type { LatexOptions, LatexPage } from "./latex-options";
import { heightOf, leading, type Placing, widthOf } from "./latex-place";

/** What did not fit, how it was split, and what to drop; nothing where a table is in one block. */
export function noticesOf(
  grids: readonly Grid[],
  page: LatexPage,
  words: Words,
  options: LatexOptions,
  fitted: Fitted | null,
): string[] {
  const blocks = fitted?.floats.flat().length ?? 0;
  if (fitted !== null && blocks === 1) return [];
  const span = spansOf(options, page).at(-1) ?? "text";
  const tightest = tightestOf(grids, page, options);
  const room = widthOfSpan(page, span);
  const excess = widthOf(tightest) - room;
  const where = `${span === "column" ? "a column" : "the text"} of ${room.toFixed(1)} pt`;
  const remedies =
    excess > 0
      ? columnsToDrop(tightest, room)
      : rowsToDrop(tightest, page.heightPt - wordsHeight(page, words, { ...tightest, span }));
  const what =
    excess > 0
      ? `the table is at least ${widthOf(tightest).toFixed(1)} pt wide, ${excess.toFixed(1)} pt too wide for ${where}`
      : `the table is too high for a page of ${page.heightPt.toFixed(1)} pt`;
  if (fitted === null) return [`${what}, and the columns that name its rows leave no room beside them: ${remedies}`];
  const floats = fitted.floats.length;
  const split = floats === 1 ? `${blocks} blocks, one below the other` : `${floats} floats`;
  return [`${what}, so it is set in ${split}. To have it in one: ${remedies}`];
}

/** The narrowest way of setting a table. */
function tightestOf(grids: readonly Grid[], page: LatexPage, options: LatexOptions): Placing & Pick<Fitted, "spread"> {
  const { family = "serif" } = page;
  const sizePt = sizesOf(page).at(-1) as number;
  const spread = spreadsOf(options).at(-1) ?? "separate";
  const ways = grids.map((grid) => {
    const measured = measureGrid(grid, { family, sizePt, spread, numbers: options.numbers ?? "plain" });
    return { grid, measured, sizePt, gapPt: smallestGap, spread };
  });
  return ways.reduce((best, way) => (widthOf(way) < widthOf(best) ? way : best));
}

/** The fewest columns whose space would be enough: the widest. */
function columnsToDrop(way: Placing, room: number): string {
  const { grid, measured } = way;
  const widest = measured.values
    .map(({ widthPt }, c) => ({ widthPt, name: grid.values[c].heading.replace(/ [↑↓]$/, "") }))
    .sort((a, b) => b.widthPt - a.widthPt);
  const dropped: string[] = [];
  let excess = widthOf(way) - room;
  for (const { widthPt, name } of widest) {
    if (excess <= 0) break;
    excess -= widthPt + 2 * way.gapPt;
    dropped.push(`"${name}"`);
  }
  if (excess > 0 || dropped.length === widest.length) return "shorten the texts that name its rows";
  const other = grid.layout === "transposed" ? "methods" : "metrics";
  return `drop ${dropped.length} of its ${widest.length} ${other}, such as ${dropped.join(", ")}`;
}

/** How many rows are too many, and the smallest group that is as large. */
function rowsToDrop(way: Placing, heightPt: number): string {
  const { grid, sizePt } = way;
  const excess = heightOf(way, [0, grid.values.length], grid.sections) - heightPt;
  const count = Math.max(1, Math.ceil(excess / (leading * sizePt)));
  const groups = new Map<string, number>();
  for (const { title, rows } of grid.sections)
    for (const { heads } of rows) {
      const name = title?.replace(/^\([a-z\d]+\) /, "") ?? heads[0] ?? "";
      groups.set(name, (groups.get(name) ?? 0) + 1);
    }
  const enough = [...groups].filter(([, rows]) => rows >= count).sort((a, b) => a[1] - b[1])[0];
  const such = enough === undefined ? "" : `, such as the ${enough[1]} of "${enough[0]}"`;
  return `drop ${count} of its rows${such}`;
}
