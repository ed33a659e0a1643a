// Writes CITATION.cff (Citation File Format 1.2.0): this software, and the papers whose methods it implements as
// figures/paper/references.bib has them. `--check` only says whether the file differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bibliography = "figures/paper/references.bib";
const papers = ["zhang2024ifru", "yang2025cau"];

const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = entriesOf(readFileSync(join(root, bibliography), "utf8"));
const citation = {
  "cff-version": "1.2.0",
  message: `If you use this software, please cite it together with the papers whose methods it implements (${bibliography}).`,
  title: "recsys-unlearning: a TypeScript research kernel for recommendation unlearning",
  type: "software",
  authors: [{ name: "The recsys-unlearning authors" }],
  version,
  license,
  keywords: ["machine unlearning", "recommender systems", "influence functions", "Jupyter", "TypeScript"],
  references: papers.map(referenceOf),
};

// A reader of YAML 1.1 would take 22:1 for a number: what is ambiguous there is quoted.
const path = join(root, "CITATION.cff");
const after = `# Made by: npm run cite\n${stringify(citation, { lineWidth: 0, version: "1.1" })}`;
const before = existsSync(path) ? readFileSync(path, "utf8") : "";
if (before !== after && !process.argv.includes("--check")) writeFileSync(path, after);
else if (before !== after) {
  console.error("CITATION.cff is not what package.json and references.bib say; run: npm run cite");
  process.exitCode = 1;
}

/** A paper of the bibliography as CFF has it; what the bibliography does not know is left out. */
function referenceOf(key) {
  const entry = entries.get(key);
  if (entry === undefined) throw new Error(`${bibliography} has no entry "${key}"`);
  const { title, author, journal, volume, number, pages, year, doi, eprint, archiveprefix } = entry.fields;
  const [, start, end] = /^(\S+?)--(\S+)$/.exec(pages ?? "") ?? [];
  const known = {
    title: plain(title),
    authors: plain(author).split(" and ").map(personOf),
    year: Number(year),
    ...{ journal, volume: wholeNumber(volume), issue: wholeNumber(number), start, end, doi },
    ...(archiveprefix === "arXiv" ? { identifiers: [{ type: "other", value: `arXiv:${eprint}` }] } : {}),
    ...(archiveprefix === "arXiv" ? { url: `https://arxiv.org/abs/${eprint}` } : {}),
  };
  return { type: entry.type === "article" ? "article" : "generic", ...known };
}

/** `van Family, Given` as CFF parts it. */
function personOf(name) {
  const [, particle, family, given] = /^(?:([a-z][a-z ]*) )?([^,]+), (.+)$/.exec(name) ?? [];
  if (family === undefined) throw new Error(`${bibliography}: "${name}" is not "Family, Given"`);
  return {
    "family-names": family,
    "given-names": given,
    ...(particle === undefined ? {} : { "name-particle": particle }),
  };
}

function wholeNumber(text) {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

/** Text without the braces that keep capitals. A command of TeX would need a table of letters: it is refused. */
function plain(text) {
  if (text.includes("\\")) throw new Error(`${bibliography}: "${text}" has TeX commands`);
  return text.replace(/[{}]/g, "");
}

/** The entries of our own bibliography, which has a field a line; anything else is refused. */
function entriesOf(text) {
  const found = new Map();
  for (const block of text.trim().split(/\n\n+/)) {
    const [head, ...lines] = block.split("\n");
    const [, type, key] = /^@(\w+)\{([\w-]+),$/.exec(head) ?? [];
    const fields = lines.slice(0, -1).map((line) => /^ {2}(\w+)\s*= \{(.*)\},?$/.exec(line));
    if (type === undefined || lines.at(-1) !== "}" || fields.includes(null))
      throw new Error(`${bibliography}: this entry is not one field a line: ${head}`);
    found.set(key, { type, fields: Object.fromEntries(fields.map(([, name, value]) => [name, value])) });
  }
  return found;
}
