import { escapeHtml, jupyterDisplay, type MimeData } from "../core";

/** A piece of HTML that shows itself in a notebook. Made by `html`; what was put into it is escaped. */
export class Html {
  constructor(
    /** The markup. */
    readonly markup: string,
  ) {}

  toString(): string {
    return this.markup;
  }

  [jupyterDisplay](): MimeData {
    return { "text/html": this.markup, "text/plain": plainText(this.markup) };
  }
}

/** What may stand in an `html` template: pieces of HTML go in as they are, everything else as escaped text. */
export type HtmlPart = Html | string | number | boolean | null | undefined | readonly HtmlPart[];

/**
 * Tagged template for HTML: `` html`<b>${name}</b>` ``. Attribute values must be quoted in the template.
 *
 * @example
 * const name = "<anna>";
 * html`<b>${name}</b>`; // what is put in is escaped
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings.reduce((markup, text, i) => markup + asMarkup(parts[i - 1]) + text));
}

function asMarkup(part: HtmlPart): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(asMarkup).join("");
  return escapeHtml(String(part));
}

/** The text of our own markup, for viewers without HTML. */
function plainText(markup: string): string {
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return markup
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name])
    .trim();
}
