import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { table } from "recsys-unlearning/tables";
import { hostileStrings } from "../fixtures/hostile/strings";

const hostile = (name: string) =>
  table({
    caption: name,
    label: name,
    provenance: [name],
    columns: [
      { key: "first", label: name, unit: name },
      { key: "value", better: "higher" },
    ],
    rows: [
      { first: name, value: { mean: 1, sd: 1, mark: name } },
      { first: "plain", value: 0 },
    ],
  });

/** Characters that a terminal obeys, or that hide or reorder text. */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\uffff]/;

it("the corpus is large enough", () => expect(hostileStrings.length).toBeGreaterThanOrEqual(40));

describe.each(hostileStrings.map((name) => [JSON.stringify(name), name]))("%s", (_, name) => {
  it("is harmless in text", () => {
    const text = hostile(name).toText();
    expect(text).not.toMatch(unseen);
    expect(text.split("\n")).toHaveLength(7);
  });

  it("is harmless in HTML", () => {
    const html = hostile(name).toHtml();
    expect(html).not.toMatch(unseen);
    const rest = html
      .replace(/^<!-- (?:(?!--|>)[^])* -->\n/, "")
      .replace(/<\/?(figcaption|tbody|tr|strong|u)>|<\/(table|thead|div|figure|t[hd])>/g, "")
      .replace(/<(table|thead|div|figure|td|th scope="col") style="[\w -]+: [^"<>]*">/g, "");
    expect(rest).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
  });

  it("is harmless in Markdown", () => {
    const markdown = hostile(name).toMarkdown();
    expect(markdown).not.toMatch(unseen);
    const body = markdown.replace(/<!-- (?:(?!--|>)[^])* -->/, "").replace(/<\/?u>/g, "");
    expect(body).not.toMatch(/[<>]/);
    expect(body).not.toMatch(/\w:\/\/|www\.|(?<!\\)[`[\]~$]/);
    const row = markdown.split("\n")[4];
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
  });

  it("is harmless in CSV, and the rest of it comes back", () => {
    const rows = parse(hostile(name).toCsv()) as string[][];
    const [, [first]] = rows;
    expect(first).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    expect(rows).toHaveLength(3);
    if (!unseen.test(name.replace(/[\t\r\n]/g, "")) && !/\ud800/.test(name))
      expect([name, `'${name}`]).toContain(first);
  });

  it("is harmless in LaTeX", () => {
    const latex = hostile(name).toLatex();
    expect(latex).not.toMatch(unseen);
    const lines = latex.split("\n");
    expect(lines[0]).toMatch(/^% /);
    expect(lines.slice(1).join("\n")).toMatch(/^[\n\u0020-\u017e]*$/);
    const row = lines.find((line) => line.includes("textbf") && line.includes("&"))!;
    expect(untypesettable(row.replace(/ \\\\$/, ""))).toBe("");
    expect(row.split(/(?<!\\)&/)).toHaveLength(2);
  });
});

/** What is left of a LaTeX text when everything known to be harmless is taken away. */
function untypesettable(latex: string): string {
  let rest = latex.replace(/\\text(bf|tt|superscript)\{|\\underline\{|\\smash\{/g, "(");
  rest = rest
    .replace(/\\,\$\\pm\$\\,|\\phantom\{[.0]+\}/g, "")
    .replace(/\\ensuremath\{\\[a-z]+\}|\\[a-z]+\{(34)?\}|\\[&%$#_{}]|\{[[*]\}|-\{\}/g, "");
  rest = rest.replace(/(?<!\\)&/, "");
  let before;
  do {
    before = rest;
    rest = rest.replace(/\(([^(){}\\]*|[^{}\\]*)\}/, "$1");
  } while (rest !== before);
  return rest.replace(/[^\\{}$&#%_^~]/g, "");
}
