// Writes the tables that README.md and docs/*.md show from the files they come from; `--check` only says whether they
// differ.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md"))
  .sort();

for (const page of ["README.md", ...pages.map((name) => `docs/${name}`)]) {
  const before = readFileSync(join(root, page), "utf8");
  const after = before.replace(/(<!-- table: (\S+) -->\n)[^]*?(<!-- \/table -->)/g, (_, open, path, close) => {
    const table = readFileSync(join(root, path), "utf8").trim();
    return `${open}\n${table}\n\n${close}`;
  });
  if (before === after) continue;
  if (!process.argv.includes("--check")) writeFileSync(join(root, page), after);
  else {
    console.error(`${page} does not show what figures/ holds; run: npm run readme`);
    process.exitCode = 1;
  }
}
