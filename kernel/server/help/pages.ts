import { jupyterDisplay, type MimeData, suggestion } from "recsys-unlearning/core";
import { builtAreas } from "../lib-areas";
import { areaComment, documented, type Documented, publicNames } from "./area-docs";
import { type DocComment, firstSentence } from "./doc-comment";
import { readerTables } from "./reader-tables";

/** A page of help: Markdown for notebooks, which is legible as text. */
export class HelpPage {
  constructor(readonly markdown: string) {}

  [jupyterDisplay](): MimeData {
    return { "text/markdown": this.markdown, "text/plain": asText(this.markdown) };
  }
}

/** Markdown without marks: links become their texts, tables lines. */
function asText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\|[-| :]+\|$\n?/gm, "")
    .replace(/^\|\s*(.*?)\s*\|$/gm, (_, row: string) =>
      row
        .split(/\s*\|\s*/)
        .filter(Boolean)
        .join("  –  "),
    ) // prettier-ignore
    .replace(/^#+ /gm, "")
    .replace(/^```\w*\n?/gm, "")
    .replace(/\*\*|`/g, "");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}

/** What there is: areas, notebooks, pages. */
export function overviewPage(): HelpPage {
  const areas = builtAreas().map((area) => [`\`${area}\``, firstSentence(areaComment(area))]);
  const tables = readerTables().map(({ heading, markdown }) => `## ${heading}\n\n${markdown}`);
  const without = "The notebooks and the documentation are in a checkout of the repository.";
  return new HelpPage(
    [
      "# recsys-unlearning",
      'Study how a trained recommender can forget data. `import { … } from "recsys-unlearning/AREA"` has an area. ' +
        '`help("AREA")` lists its functions, `help(someFunction)` shows one, and Shift+Tab shows what stands at the cursor.', // prettier-ignore
      "## Areas",
      table(["area", "what it has"], areas),
      ...(tables.length === 0 ? [without] : tables),
    ].join("\n\n"),
  );
}

/** What an area has: its functions, values and classes with their first sentence. */
export function areaPage(area: string): HelpPage {
  const all = publicNames(area)
    .filter(({ isType }) => !isType)
    .flatMap((name) => documented(name) ?? [])
    .filter(({ kind }) => kind !== "type")
    .sort((a, b) => a.name.localeCompare(b.name));
  const sections = (["function", "value", "class"] as const).flatMap((kind) => {
    const rows = all
      .filter((one) => one.kind === kind)
      .map((one) => [`\`${one.name}\``, firstSentence(one.comment.text)]);
    return rows.length === 0 ? [] : [`## ${headings[kind]}`, table([kind, "what it does"], rows)];
  });
  return new HelpPage([`# recsys-unlearning/${area}`, areaComment(area), ...sections].filter(Boolean).join("\n\n"));
}

const headings = { function: "Functions", value: "Methods and values", class: "Classes" } as const;

/** What is said of a public name. @param member one of its methods; default: itself */
export function namePage(found: Documented, member?: string): HelpPage {
  const one = found.members.find(({ name }) => name === member);
  const title = one === undefined ? found.name : `${found.name}.${one.name}`;
  const { signature, comment } = one ?? found;
  const members = one === undefined ? found.members : [];
  return new HelpPage(
    [
      `# ${title}`,
      `\`import { ${found.isType ? "type " : ""}${found.name} } from "recsys-unlearning/${found.area}"\``,
      `\`\`\`typescript\n${signature}\n\`\`\``,
      ...commentParts(comment),
      members
        .map(({ name, comment: its }) => `- \`${found.name}.${name}\` ${firstSentence(its.text)}`.trim())
        .join("\n"),
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
}

const tagTitles: Readonly<Record<string, string>> = {
  param: "Parameters",
  typeParam: "Types",
  returns: "Returns",
  throws: "Throws",
};

function commentParts({ text, tags }: DocComment): string[] {
  const of = (name: string) => tags.filter((tag) => tag.name === name).map((tag) => tag.text);
  const listed = Object.entries(tagTitles).flatMap(([name, title]) => {
    const texts = of(name);
    return texts.length === 0 ? [] : [`**${title}**`, texts.map((one) => `- ${one.replace(/\s+/g, " ")}`).join("\n")];
  });
  const examples = of("example").flatMap((one) => ["**Example**", `\`\`\`typescript\n${one}\n\`\`\``]);
  return [...(text === "" ? [] : [text]), ...listed, ...examples];
}

/** What is said of a name that nobody has. */
export function unknownPage(asked: string, known: readonly string[]): HelpPage {
  const near = suggestion(asked, known);
  const hint = near === undefined ? "`help()` lists what there is" : `did you mean \`help("${near}")\`?`;
  return new HelpPage(`There is no \`${asked.replaceAll("`", "'")}\` in recsys-unlearning; ${hint}`);
}
