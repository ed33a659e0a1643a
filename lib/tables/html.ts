import { escapeHtml } from "../core";
import type { TableContent } from "./content";
import { captionOf, commentText, type Field, layoutOf } from "./layout";

/** At most as wide as its place, and not so high that the head of a long table is out of sight. */
const frame = "max-width: 100%; max-height: 40em; overflow: auto";
/** The head stays while rows are scrolled; its ground is the notebook's, else the page's. */
const staying = "position: sticky; top: 0; background: var(--jp-layout-color0, Canvas)";
/** A text of this many characters or fewer is kept on one line. */
const shortText = 40;

/**
 * @param isExported whether for a file, with the provenance; a notebook's output has the note instead, and stays the
 *   same from commit to commit
 */
export function renderHtml(table: TableContent, isExported: boolean): string {
  const { headings, aligns, rows } = layoutOf(table);
  const caption = captionOf(table);
  const heading = (text: string, c: number) =>
    `<th scope="col" style="text-align: ${escapeHtml(aligns[c])}; white-space: normal">${escapeHtml(text)}</th>`;
  const comment = isExported ? table.provenance.map((text) => `<!-- ${commentText(text)} -->`) : [];
  return [
    ...comment,
    `<figure style="margin: 0">`,
    ...(caption === undefined ? [] : [`<figcaption>${escapeHtml(caption)}</figcaption>`]),
    `<div style="${frame}">`,
    `<table style="white-space: nowrap">`,
    `<thead style="${staying}"><tr>${headings.map(heading).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${row.map((field, c) => cell(field, escapeHtml(aligns[c]))).join("")}</tr>`),
    "</tbody>",
    "</table>",
    "</div>",
    "</figure>",
    ...(table.note === undefined || isExported ? [] : [`<p>${escapeHtml(table.note)}</p>`]),
    "",
  ].join("\n");
}

/** A field; what stands for several rows spans them, and the rows below have none. */
function cell(field: Field, align: string): string {
  if (field.rows === 0) return "";
  const long = field.text.length > shortText ? "; white-space: normal" : "";
  if (field.rows === 1) return `<td style="text-align: ${align}${long}">${emphasised(field)}</td>`;
  const style = `text-align: ${align}; vertical-align: top${long}`;
  return `<th scope="rowgroup" rowspan="${field.rows}" style="${style}">${emphasised(field)}</th>`;
}

function emphasised({ text, rank }: Field): string {
  const escaped = escapeHtml(text);
  return rank === "best" ? `<strong>${escaped}</strong>` : rank === "second" ? `<u>${escaped}</u>` : escaped;
}
