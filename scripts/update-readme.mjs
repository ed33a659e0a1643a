// Writes the tables that README.md, docs/*.md and the areas' READMEs show: results from the files they come from,
// options from the declarations of the built lib. `--check` only says whether they differ.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md"))
  .sort();

const areas = readdirSync(join(root, "lib"))
  .map((name) => `lib/${name}/README.md`)
  .filter((page) => existsSync(join(root, page)));
const load = createRequire(import.meta.url);

/** `lib/cau/README.md` shows the options that `lib/cau` exports under a name. */
async function optionsTable(page, name) {
  const { optionMarkdown } = load("../lib/dist/experiments");
  const list = load(`../lib/dist/${page.split("/")[1]}`)[name];
  if (list === undefined) throw new Error(`${page} shows options "${name}", which its area does not export`);
  return format(optionMarkdown(list), { parser: "markdown" });
}

async function withOptions(text, page) {
  const shown = [...text.matchAll(/<!-- options: (\S+) -->\n[^]*?<!-- \/options -->/g)];
  for (const [block, name] of shown) {
    const table = (await optionsTable(page, name)).trim();
    text = text.replace(block, () => `<!-- options: ${name} -->\n\n${table}\n\n<!-- /options -->`);
  }
  return text;
}

for (const page of ["README.md", ...pages.map((name) => `docs/${name}`), ...areas]) {
  const before = readFileSync(join(root, page), "utf8");
  const results = before.replace(/(<!-- table: (\S+) -->\n)[^]*?(<!-- \/table -->)/g, (_, open, path, close) => {
    const table = readFileSync(join(root, path), "utf8").trim();
    return `${open}\n${table}\n\n${close}`;
  });
  const after = await withOptions(results, page);
  if (before === after) continue;
  if (!process.argv.includes("--check")) writeFileSync(join(root, page), after);
  else {
    console.error(`${page} does not show what figures/ holds or lib declares; run: npm run readme`);
    process.exitCode = 1;
  }
}
