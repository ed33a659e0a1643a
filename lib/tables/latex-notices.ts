import { type Fitted, roomOf, type Search, sizesOf, smallestGap, spansOf, spreadsOf } from "./latex-fit";
import { measureGrid } from "./latex-measure";
import { leading, type Placing, type Room, wholeHeight, widthOf } from "./latex-place";

/** What did not fit, how it was split, and what to drop; nothing where a table is in one block. */
export function noticesOf(search: Search, fitted: Fitted | null): string[] {
  const blocks = fitted?.floats.flat().length ?? 0;
  if (blocks === 1) return [];
  const { way, room, span } = tightestOf(search);
  const columns = columnsToDrop(way, room.widthPt);
  const rows = rowsToDrop(way, room.heightPt);
  const needed = widthOf(way).toFixed(1);
  const tooWide = `at least ${needed} pt wide, and ${span === "column" ? "a column" : "the text"} is ${room.widthPt} pt`;
  const tooHigh = `too high for a page of ${search.page.heightPt} pt`;
  const what = `the table is ${[columns === null ? [] : tooWide, rows === null ? [] : tooHigh].flat().join("; it is ")}`;
  if (fitted === null || columns === "names")
    return [`${what}${splitAs(fitted, blocks)}. Shorten the texts that name its rows, or leave out columns of them.`];
  const drop = [columns ?? [], rows ?? []].flat().join(" and ");
  return [`${what}${splitAs(fitted, blocks)}. To have it in one block, drop ${drop}.`];
}

function splitAs(fitted: Fitted | null, blocks: number): string {
  if (fitted === null) return ", and it was not split: nothing fits beside the names of its rows";
  const floats = fitted.floats.length;
  return floats === 1
    ? `, so it is set in ${blocks} blocks, one below the other`
    : `, so it is set in ${floats} floats`;
}

/** The way of setting a table in one block that is nearest to fitting, with a column for each metric if it may be. */
function tightestOf({ grids, page, words, options }: Search): { way: Placing; room: Room; span: Fitted["span"] } {
  const sizePt = sizesOf(page).at(-1) as number;
  const spread = spreadsOf(options).at(-1) ?? "separate";
  const span = spansOf(options, page).at(-1) ?? "text";
  const style = { ruler: words.ruler, sizePt, spread, numbers: options.numbers ?? "plain" };
  const room = roomOf(page, words, { span, spread, sizePt });
  const excess = (way: Placing) => Math.max(widthOf(way) / room.widthPt, wholeHeight(way) / room.heightPt);
  const upright = grids.filter(({ layout }) => layout !== "transposed");
  const ways = (upright.length > 0 ? upright : grids).map((grid) => {
    return { grid, measured: measureGrid(grid, style), sizePt, gapPt: smallestGap };
  });
  return { way: ways.reduce((best, way) => (excess(way) < excess(best) ? way : best)), room, span };
}

/** The fewest columns whose space would be enough: the widest; `null` for none, `names` where all would not be. */
function columnsToDrop(way: Placing, room: number): string | null {
  const { grid, measured, gapPt } = way;
  const widest = measured.values
    .map(({ widthPt }, c) => ({ widthPt, name: grid.values[c].heading.replace(/\s[↑↓]$/, "") }))
    .sort((a, b) => b.widthPt - a.widthPt);
  let excess = widthOf(way) - room;
  if (excess <= 0) return null;
  const dropped: string[] = [];
  for (const { widthPt, name } of widest) {
    if (excess <= 0) break;
    excess -= widthPt + 2 * gapPt;
    dropped.push(`"${name}"`);
  }
  if (excess > 0 || dropped.length === widest.length) return "names";
  return `${dropped.length} of its ${widest.length} columns, such as ${dropped.join(", ")}`;
}

/** How many rows are too many, and the smallest group that is as large; `null` for none. */
function rowsToDrop(way: Placing, heightPt: number): string | null {
  const { grid, sizePt } = way;
  const excess = wholeHeight(way) - heightPt;
  if (excess <= 0) return null;
  const count = Math.ceil(excess / (leading * sizePt));
  const groups = new Map<string, number>();
  for (const { title, rows } of grid.sections)
    for (const { heads } of rows) {
      const name = title?.replace(/^\([a-z\d]+\) /, "") ?? heads[0] ?? "";
      groups.set(name, (groups.get(name) ?? 0) + 1);
    }
  const enough = [...groups].filter(([, rows]) => rows >= count).sort((a, b) => a[1] - b[1])[0];
  const such = enough === undefined ? "" : `, such as the ${enough[1]} of ${enough[0]}`;
  return `${count} of its rows${such}`;
}
