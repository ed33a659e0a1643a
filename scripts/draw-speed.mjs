// Writes docs/speed.md: what takes how long beside PyTorch, from bench/results. `--check` only says whether it differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, "docs", "speed.md");
const folder = join(root, "bench", "results");

/** What the project aims at, by row: with the best engine, with wasm on Node 24, and with wasm on Node 20. */
const goals = [
  [["gru4rec-training"], [1, 1.3, 1.8]],
  [
    ["gru4rec-step", "sasrec-step", "bert4rec-step"],
    [1, 1.3, 1.8],
  ],
  [["session-ranking"], [0.7, 1, 1.5]],
  [
    ["gemm-256", "gemm-512", "gemm-1024"],
    [1.05, 2, 3],
  ],
  [
    ["lightgcn-step", "spmm"],
    [0.6, 0.7, 0.8],
  ],
  [
    ["softmax-cross-entropy", "layer-norm", "column-sum", "top-k", "segment-sum", "adam"],
    [1, 1.3, 1.5],
  ],
  [["mf-step"], [0.25, 0.25, 0.25]],
  [["mf-hvp"], [0.05, 0.05, 0.05]],
];
const columns = ["wasm-node20", "wasm-node24", "blas-node20", "blas-node24"].map((name) => {
  const file = join(folder, `${name}.json`);
  return { name, results: JSON.parse(readFileSync(file, "utf8")) };
});

const before = existsSync(page) ? readFileSync(page, "utf8") : "";
const after = await format(speedPage(), { parser: "markdown", printWidth: 120, proseWrap: "always" });
if (before === after) process.exitCode = 0;
else if (!process.argv.includes("--check")) writeFileSync(page, after);
else {
  console.error("docs/speed.md does not show what bench/results holds; run: npm run readme");
  process.exitCode = 1;
}

function speedPage() {
  const { machine, rows } = columns[0].results;
  const release = rows.map(({ peerName }) => /PyTorch [\d.]+/.exec(peerName)?.[0]).find(Boolean);
  const listed = goals.flatMap(([names, aims]) => names.map((name) => ({ name, aims })));
  return [
    "# Speed",
    "",
    `Our time over that of ${release}, each with all ${machine.cores} cores: below 1 we are faster. A **bold** ratio is`,
    "above its goal. The goals stand in the last column: with the best engine, with `wasm` on Node 24, and on Node 20.",
    "",
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.simdBits}-bit vectors, nothing else running. Each pair was`,
    "measured in one run. `npm run bench -- --keep` measures again, and `npm run readme` makes this page from",
    "[bench/results](../bench/results), where commit, date, times and memory are.",
    "",
    table(listed),
    "",
    "`wasm` is what is used by default, and gives the same bytes on every machine. `blas` is installed on request",
    "(`npm run engine -- blas`) and multiplies matrices by OpenBLAS.",
    "",
    "## What each row is",
    "",
    ...listed.map(({ name }) => `- **${name}**: ${whatOf(name)}`),
    "",
    ...missesSection(listed),
  ].join("\n");
}

function table(listed) {
  const head = ["row", ...columns.map(({ results }) => headOf(results)), "goals"];
  const lines = listed.map(({ name, aims }) => {
    const cells = columns.map(({ results }) => ratioOf(results, name)).map((ratio, n) => cellOf(ratio, aimOf(n, aims)));
    return [name, ...cells, aims.join(" / ")];
  });
  const means = columns.map(({ results }) => meanOf(results, listed));
  const all = [head, [":--", ...head.slice(1).map(() => "--:")], ...lines, ["geometric mean", ...means, ""]];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function headOf({ engine, machine }) {
  return `${engine}, Node ${machine.nodeMajor}`;
}

/** The goal of a column: `blas` is the best engine where it is installed. */
function aimOf(column, [best, onNode24, onNode20]) {
  return [onNode20, onNode24, best, best][column];
}

function cellOf(ratio, aim) {
  if (ratio === null) return "–";
  return ratio > aim ? `**${digits(ratio)}**` : digits(ratio);
}

function digits(ratio) {
  return ratio < 0.095 ? ratio.toFixed(3) : ratio.toFixed(2);
}

/** Beside the peer with as many threads as the machine has cores. */
function ratioOf({ machine, rows }, name) {
  const peer = new RegExp(`PyTorch .*, ${machine.cores} threads?$`);
  return rows.find((row) => row.name === name && peer.test(row.peerName))?.ratio ?? null;
}

function meanOf(results, listed) {
  const ratios = listed.map(({ name }) => ratioOf(results, name)).filter((ratio) => ratio !== null);
  return digits(Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length));
}

function whatOf(name) {
  for (const { results } of columns) {
    const row = results.rows.find((one) => one.name === name);
    if (row !== undefined) return row.what;
  }
  throw new Error(`bench/results has no row ${name}: npm run bench -- --only ${name} --keep`);
}

/** Why goals are missed, row by row, for those that are. */
function missesSection(listed) {
  const missed = listed.filter(({ name, aims }) =>
    columns.some(({ results }, n) => (ratioOf(results, name) ?? 0) > aimOf(n, aims)),
  );
  const known = JSON.parse(readFileSync(join(folder, "why-missed.json"), "utf8"));
  const lines = missed.map(({ name }) => `- **${name}**: ${known[name] ?? "not yet known"}`);
  return lines.length === 0 ? [] : ["## Why goals are missed", "", ...lines, ""];
}
