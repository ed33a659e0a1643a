import { escapeHtml } from "../core";
import type { TableContent } from "./content";
import { commentText, type Field, layoutOf } from "./layout";

/**
 * @param isExported whether for a file, with the provenance; a notebook's output has the note instead, and stays the
 *   same from commit to commit
 */
export function renderHtml(table: TableContent, isExported: boolean): string {
  const { headings, aligns, rows } = layoutOf(table);
  const cell = (tag: "th" | "td", c: number, inner: string) =>
    `<${tag} style="text-align: ${escapeHtml(aligns[c])}">${inner}</${tag}>`;
  const comment = isExported ? table.provenance.map((text) => `<!-- ${commentText(text)} -->`) : [];
  return [
    ...comment,
    "<table>",
    ...(table.caption === undefined ? [] : [`<caption>${escapeHtml(table.caption)}</caption>`]),
    `<thead><tr>${headings.map((text, c) => cell("th", c, escapeHtml(text))).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${row.map((field, c) => cell("td", c, emphasised(field))).join("")}</tr>`),
    "</tbody>",
    "</table>",
    ...(table.note === undefined || isExported ? [] : [`<p>${escapeHtml(table.note)}</p>`]),
    "",
  ].join("\n");
}

function emphasised({ text, rank }: Field): string {
  const escaped = escapeHtml(text);
  return rank === "best" ? `<strong>${escaped}</strong>` : rank === "second" ? `<u>${escaped}</u>` : escaped;
}
