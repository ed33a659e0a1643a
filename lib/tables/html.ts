import { escapeHtml } from "../core";
import { commentText, type Field, layoutOf } from "./layout";
import type { Table } from "./table";

/** @param withComment whether to write the provenance; a notebook's output leaves it out to stay the same from commit to commit */
export function renderHtml(table: Table, withComment: boolean): string {
  const { headings, aligns, rows } = layoutOf(table);
  const cell = (tag: "th" | "td", c: number, inner: string) =>
    `<${tag} style="text-align: ${aligns[c]}">${inner}</${tag}>`;
  const comment = withComment ? table.provenance.map((text) => `<!-- ${commentText(text)} -->`) : [];
  return [
    ...comment,
    "<table>",
    ...(table.caption === undefined ? [] : [`<caption>${escapeHtml(table.caption)}</caption>`]),
    `<thead><tr>${headings.map((text, c) => cell("th", c, escapeHtml(text))).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${row.map((field, c) => cell("td", c, emphasised(field))).join("")}</tr>`),
    "</tbody>",
    "</table>",
    "",
  ].join("\n");
}

function emphasised({ text, rank }: Field): string {
  const escaped = escapeHtml(text);
  return rank === "best" ? `<strong>${escaped}</strong>` : rank === "second" ? `<u>${escaped}</u>` : escaped;
}
