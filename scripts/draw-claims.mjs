// Writes docs/claims.md: whether what both papers claim is reproduced, from figures/claims.json and the kept records.
// `--check` only says whether the page differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const { builtInParts, claimsPage, keptClaims } = createRequire(import.meta.url)("../lib/dist/reproduction");
const page = join(dirname(dirname(fileURLToPath(import.meta.url))), "docs", "claims.md");

const before = existsSync(page) ? readFileSync(page, "utf8") : "";
const after = await format(claimsPage(await keptClaims(), builtInParts), {
  parser: "markdown",
  printWidth: 120,
  proseWrap: "always",
});
if (before === after) process.exitCode = 0;
else if (!process.argv.includes("--check")) writeFileSync(page, after);
else {
  console.error("docs/claims.md does not show what the kept records say of figures/claims.json; run: npm run readme");
  process.exitCode = 1;
}
