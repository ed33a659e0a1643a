import { visibleText } from "../core";
import type { TableContent } from "./content";
import { captionOf, commentText, type Field, layoutOf } from "./layout";

const rules = { left: ":---", center: ":---:", right: "---:" };

export function renderMarkdown(table: TableContent): string {
  const { headings, aligns, rows } = layoutOf(table);
  const caption = captionOf(table);
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    ...(caption === undefined ? [] : [`**${escapeMarkdown(visibleText(caption))}**`, ""]),
    line(headings.map(escapeMarkdown)),
    line(aligns.map((align) => rules[align])),
    ...rows.map((row) => line(row.map(emphasised))),
    ...(table.provenance.length === 0 ? [] : ["", ...table.provenance.map((text) => `<!-- ${commentText(text)} -->`)]),
    "",
  ].join("\n");
}

function emphasised({ text, rank }: Field): string {
  const escaped = escapeMarkdown(text);
  return rank === "best" ? `**${escaped}**` : rank === "second" ? `<u>${escaped}</u>` : escaped;
}

/**
 * Text that Markdown shows as it is: no markup, no HTML (which Markdown passes through), no links or mentions made of
 * bare text.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]|~$]/g, "\\$&")
    .replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/:(?=\/\/)|(?<=www)\.|(?<!\w)@|@(?=[\w-]+\.)/gi, (c) => `&#${c.charCodeAt(0)};`);
}
