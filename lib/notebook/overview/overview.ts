import { escapeHtml, jupyterDisplay, type MimeData, visibleLines } from "../../core";
import type { Table } from "../../tables";

/** What a value is, in one line and a small table. Shows itself in a notebook; `toString` is its text. */
export class Overview {
  constructor(
    /** Facts in one line, such as `interactions: 100,000 rows, 943 users, 1,682 items`. */
    readonly line: string,
    /** What does not fit into a line, or `null`. */
    readonly table: Table | null = null,
  ) {}

  toString(): string {
    const line = visibleLines(this.line);
    return this.table === null ? line : `${line}\n\n${this.table.toText()}`;
  }

  [jupyterDisplay](): MimeData {
    const line = escapeHtml(visibleLines(this.line));
    const html =
      this.table === null
        ? `<pre style="white-space: pre-wrap">${line}</pre>`
        : `<p>${line}</p>\n${String(this.table[jupyterDisplay]()["text/html"])}`;
    return { "text/html": html, "text/plain": this.toString().trimEnd() };
  }
}
