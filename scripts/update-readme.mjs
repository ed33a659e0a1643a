// Writes the tables that README.md shows from the files they come from; `--check` only says whether they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = join(root, "README.md");
const before = readFileSync(readme, "utf8");
const after = before.replace(/(<!-- table: (\S+) -->\n)[^]*?(<!-- \/table -->)/g, (_, open, path, close) => {
  const table = readFileSync(join(root, path), "utf8").trim();
  return `${open}\n${table}\n\n${close}`;
});
if (!process.argv.includes("--check")) writeFileSync(readme, after);
else if (before !== after) {
  console.error("README.md does not show what figures/ holds; run: npm run readme");
  process.exitCode = 1;
}
