import { visibleText } from "../core";
import { type Field, layoutOf } from "./layout";
import type { Table } from "./table";

const bold = "\u001b[1m";
const underlined = "\u001b[4m";
const plain = "\u001b[0m";

export function renderText(table: Table, styled: boolean): string {
  const { headings, aligns, rows } = layoutOf(table);
  const widths = headings.map((heading, c) => Math.max(...[heading, ...rows.map((row) => row[c].text)].map(textWidth)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, c) => pad(text, widths[c], aligns[c]))
      .join("  ")
      .trimEnd();
  const style = (padded: string, { rank }: Field) =>
    !styled || rank === null ? padded : padded.replace(padded.trim(), (text) => `${codeOf(rank)}${text}${plain}`);
  const body = rows.map((row) =>
    row
      .map((field, c) => style(pad(field.text, widths[c], aligns[c]), field))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  const caption = table.caption === undefined ? [] : [visibleText(table.caption), ""];
  const note = table.note === undefined ? [] : [visibleText(table.note), ""];
  return [...caption, line(headings), rule, ...body, "", ...note].join("\n");
}

function codeOf(rank: "best" | "second"): string {
  return rank === "best" ? bold : underlined;
}

function pad(text: string, width: number, align: "left" | "center" | "right"): string {
  const gap = width - textWidth(text);
  const before = align === "left" ? 0 : align === "right" ? gap : Math.floor(gap / 2);
  return " ".repeat(before) + text + " ".repeat(gap - before);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns a text takes on a terminal. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
