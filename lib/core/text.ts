import escape from "escape-html";

/**
 * Control characters (terminal escapes among them), and those that reorder or hide text: bidirectional controls,
 * zero-width characters, line separators, lone surrogates, characters XML cannot hold.
 */
const unseen =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from outside made safe to print: characters that a reader cannot see, but a terminal or a browser obeys, are
 * spelt out.
 *
 * @example
 * visibleText("a\u0000b"); // what no screen shows becomes visible
 */
export function visibleText(text: string): string {
  return text.replace(unseen, (c) => named[c] ?? `\\u{${c.charCodeAt(0).toString(16)}}`);
}

/**
 * `visibleText` of each line: for messages of several lines.
 *
 * @example
 * visibleLines("one\ntwo\u0007"); // the line break stays, the bell becomes \u{7}
 */
export function visibleLines(text: string): string {
  return text.split("\n").map(visibleText).join("\n");
}

/**
 * Text from outside as HTML text or attribute value: nothing in it is markup, nothing in it is unseen.
 *
 * @example
 * escapeHtml("<b>"); // &lt;b&gt;
 */
export function escapeHtml(text: string): string {
  return escape(visibleText(text));
}

/** How many an error spells out. */
const mostListed = 20;

/**
 * Values as an error lists them: in quotes, the first 20, and how many more.
 *
 * @example
 * listed(["u1", "u2"]); // "u1", "u2"
 */
export function listed(values: readonly string[]): string {
  const shown = values.slice(0, mostListed).map((value) => JSON.stringify(value));
  const more = values.length > shown.length ? ` and ${values.length - shown.length} more` : "";
  return shown.join(", ") + more;
}
