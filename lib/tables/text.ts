import { visibleText } from "../core";
import type { TableContent } from "./content";
import { captionOf, type Field, headCount, layoutOf } from "./layout";

const bold = "\u001b[1m";
const underlined = "\u001b[4m";
const plain = "\u001b[0m";
const gap = "  ";

/** A column: what stands in it, padded to one width. */
interface Column {
  readonly width: number;
  readonly heading: string;
  readonly fields: readonly string[];
}

export function renderText(table: TableContent, styled: boolean, windowWidth: number): string {
  const columns = columnsOf(table, styled);
  const caption = captionOf(table);
  const line = (texts: readonly string[]) => texts.join(gap).trimEnd();
  const blocks = blocksOf(columns, headCount(table), windowWidth).map((block) => [
    line(block.map(({ heading }) => heading)),
    block.map(({ width }) => "─".repeat(width)).join("──"),
    ...table.rows.map((_, r) => line(block.map(({ fields }) => fields[r]))),
    "",
  ]);
  const note = table.note === undefined ? [] : [visibleText(table.note), ""];
  return [...(caption === undefined ? [] : [visibleText(caption), ""]), ...blocks.flat(), ...note].join("\n");
}

function columnsOf(table: TableContent, styled: boolean): Column[] {
  const { headings, aligns, rows } = layoutOf(table, " ± ");
  const shown = ({ text, rows: height }: Field) => (height === 0 ? "" : text);
  const style = (padded: string, { rank }: Field) =>
    !styled || rank === null ? padded : padded.replace(padded.trim(), (text) => `${codeOf(rank)}${text}${plain}`);
  return headings.map((heading, c) => {
    const width = Math.max(...[heading, ...rows.map((row) => row[c].text)].map(textWidth));
    return {
      width,
      heading: pad(heading, width, aligns[c]),
      fields: rows.map((row) => style(pad(shown(row[c]), width, aligns[c]), row[c])),
    };
  });
}

/** The columns in blocks that fit the window, each with those that name the rows; a column too wide stands alone. */
function blocksOf(columns: readonly Column[], heads: number, windowWidth: number): Column[][] {
  const blocks: Column[][] = [];
  for (const column of columns.slice(heads)) {
    const last = blocks.at(-1);
    if (last !== undefined && widthOf([...last, column]) <= windowWidth) last.push(column);
    else blocks.push([...columns.slice(0, heads), column]);
  }
  return blocks.length === 0 ? [[...columns]] : blocks;
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + gap.length, -gap.length);
}

function codeOf(rank: "best" | "second"): string {
  return rank === "best" ? bold : underlined;
}

function pad(text: string, width: number, align: "left" | "center" | "right"): string {
  const room = width - textWidth(text);
  const before = align === "left" ? 0 : align === "right" ? room : Math.floor(room / 2);
  return " ".repeat(before) + text + " ".repeat(room - before);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Before the first mark and the first wide character. */
const narrow = /^[\0-\u02ff]*$/;

/** Columns a text takes on a terminal. */
function textWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const character of text)
    width += narrow.test(character) ? 1 : /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
