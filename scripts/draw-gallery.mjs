// Writes docs/gallery.md: every kept figure, by view, with the command that makes it, from the sidecars in figures/.
// `--check` only says whether the page differs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, "docs", "gallery.md");

const before = existsSync(page) ? readFileSync(page, "utf8") : "";
const after = await format(gallery(), { parser: "markdown", printWidth: 120 });
if (before === after) process.exitCode = 0;
else if (!process.argv.includes("--check")) writeFileSync(page, after);
else {
  console.error("docs/gallery.md does not show the figures that figures/ holds; run: npm run readme");
  process.exitCode = 1;
}

function gallery() {
  const folders = readdirSync(join(root, "figures"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["levels", "local", "paper", "records"].includes(entry.name))
    .map(({ name }) => ({ name, shown: sidecarsOf(name) }));
  const count = folders.reduce((sum, { shown }) => sum + shown.filter(({ kind }) => kind === "figure").length, 0);
  return [
    "# Gallery",
    "",
    `Every kept figure, ${count} in all, with the command that makes it. \`npm run figures\` reads`,
    "[the records](../figures/records), computes nothing, and writes SVG, PDF, PNG and HTML. [paper.md](paper.md) says how",
    "to ask for a venue, a selection or other labels. `npm run readme` writes this page.",
    "",
    ...folders.flatMap(sectionOf),
  ].join("\n");
}

/** What a folder of figures/ has a sidecar of, tables first. */
function sidecarsOf(folder) {
  const sidecars = readdirSync(join(root, "figures", folder))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(root, "figures", folder, file), "utf8")))
    .filter(({ kind, files }) => ["figure", "table"].includes(kind) && files !== undefined);
  const byName = sidecars.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...byName.filter(({ kind }) => kind === "table"), ...byName.filter(({ kind }) => kind === "figure")];
}

/** A view: its table, its first figure, and the others folded away, so that a page of hundreds can be read. */
function sectionOf({ name: folder, shown }) {
  const tables = shown.filter(({ kind }) => kind === "table");
  const [first, ...others] = shown.filter(({ kind }) => kind === "figure");
  return [
    `## ${folder}`,
    "",
    ...tables.flatMap(({ name, ...table }) => [
      asText(table.caption),
      `[The table](../figures/${folder}/${name}.md):`,
      `\`${commandOf(folder, { name, ...table })}\``,
      "",
    ]),
    ...(first === undefined ? [] : pictures(folder, [first])),
    ...(others.length === 0 ? [] : folded(`${others.length} more`, pictures(folder, others))),
  ];
}

function pictures(folder, figures) {
  const rows = figures.map((figure) => {
    const file = Object.keys(figure.files).find((name) => name.endsWith(".svg"));
    if (file === undefined) throw new Error(`figures/${folder}/${figure.name} has no SVG`);
    const caption = asText(figure.caption);
    return `| ![${caption}](../figures/${folder}/${file}) | ${caption}<br>\`${commandOf(folder, figure)}\` |`;
  });
  return ["| figure | what it shows, and its command |", "| --- | --- |", ...rows, ""];
}

function folded(summary, lines) {
  return ["<details>", `<summary>${summary}</summary>`, "", ...lines, "</details>", ""];
}

/** `keep` makes all of a view and replaces what is kept: the gallery's command makes this figure alone. */
function commandOf(folder, { name, command }) {
  if (command.startsWith("npm run experiment -- keep ")) return `npm run figures -- ${name}`;
  if (command === "notebooks/00-start-here.ipynb") return "npm run demo";
  throw new Error(`figures/${folder}/${name}.json: no command is known that makes it (${command})`);
}

/** A caption as Markdown prints it, in a table too. */
function asText(caption) {
  return caption.replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);
}
