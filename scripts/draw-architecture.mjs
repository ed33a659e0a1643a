// Draws the areas of lib in docs/architecture.md from the lint rule's arrows; `--check` only says whether they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { arrows } from "./arrows.mjs";

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), "docs", "architecture.md");
const [open, close] = ["<!-- areas -->", "<!-- /areas -->"];

/** What an area reaches by one arrow or more. */
function reached(area) {
  return new Set(arrows[area].flatMap((next) => [next, ...reached(next)]));
}

/** The arrows that no longer way makes superfluous, `core` left out: every area may import it. */
function drawn(area) {
  return arrows[area].filter((to) => !arrows[area].some((via) => via !== to && reached(via).has(to)));
}

const lines = Object.keys(arrows).flatMap((area) => drawn(area).map((to) => `  ${area} --> ${to}`));
const picture = ["```mermaid", "flowchart TD", ...lines, "```"].join("\n");

const before = readFileSync(page, "utf8");
const [start, end] = [before.indexOf(open), before.indexOf(close)];
if (start < 0 || end < start) throw new Error(`${page} has no "${open}" before "${close}"`);
const after = `${before.slice(0, start)}${open}\n\n${picture}\n\n${before.slice(end)}`;
if (!process.argv.includes("--check")) writeFileSync(page, after);
else if (before !== after) {
  console.error("docs/architecture.md does not show the lint rule's arrows; run: npm run readme");
  process.exitCode = 1;
}
