// `npm run test:mutants -- [AREA...] [--sample N] [--seed N]`: changes the code in small ways, one at a time, and says
// which changes no test notices; it fails where they are more than a fifth. Results are kept in .cache/mutants and
// reused where neither code nor tests changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { areas } from "./mutants/areas.mjs";
import { notInSample, sampleVariable, testsVariable } from "./mutants/in-sample.mjs";
import { drawn, keyOf, mutantsIn, textAt } from "./mutants/sample.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string", default: "150" }, seed: { type: "string", default: "1" } },
});
const unknown = positionals.filter((name) => !(name in areas));
if (unknown.length > 0 || !(Number(values.sample) > 0)) {
  console.error(`usage: npm run test:mutants -- [AREA...] [--sample N] [--seed N]`);
  console.error(`areas: ${Object.keys(areas).join(", ")}`);
  process.exit(2);
}

/** The files of Stryker's for an area. */
function filesOf(area) {
  const name = area.replaceAll("/", "-");
  const folder = join(".cache", "mutants", name);
  mkdirSync(folder, { recursive: true });
  const [incremental, sample, report] = ["incremental.json", "sample.json", "report.html"].map((file) =>
    join(folder, file),
  );
  return { incremental, sample, report };
}

/**
 * Takes out of the last results what is to be tested again: mutants that were passed over, and those that ran out of
 * time by the clock, as on a busy machine. Endless loops are counted, not timed, and stay.
 */
function forgetUnknown(path) {
  if (!existsSync(path)) return;
  const results = JSON.parse(readFileSync(path, "utf8"));
  const isKnown = ({ status, statusReason = "" }) =>
    statusReason !== notInSample && (status !== "Timeout" || statusReason.startsWith("Hit limit reached"));
  for (const file of Object.values(results.files)) file.mutants = file.mutants.filter(isKnown);
  writeFileSync(path, JSON.stringify(results));
}

const rangeOf = ({ file, location: { start, end } }) =>
  `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

/** Which tests see the changed code, and how: in their own process, or built, in the processes that they start. */
function testingOf({ tests, built }) {
  if (!built)
    return { testRunner: "vitest", vitest: { configFile: "scripts/mutants/vitest.config.mjs", related: false } };
  return {
    testRunner: "command",
    coverageAnalysis: "off",
    buildCommand: "node scripts/build.mjs",
    commandRunner: { command: `npx vitest run --bail 1 --reporter dot ${tests.join(" ")}` },
  };
}

const patternOf = (path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`);

async function test(area) {
  const { folder, tests, apart } = areas[area];
  const all = await mutantsIn(folder);
  const sample = drawn(all, Number(values.sample), values.seed);
  const keys = new Set(sample.map((m) => keyOf(m.file, m.location, m.mutatorName, m.replacement)));
  const files = filesOf(area);
  writeFileSync(files.sample, JSON.stringify([...keys]));
  process.env[sampleVariable] = files.sample;
  process.env[testsVariable] = JSON.stringify({ include: tests.map(patternOf), isolate: apart === true });
  forgetUnknown(files.incremental);
  console.log(`${area}: ${sample.length} of ${all.length} mutants, seed ${values.seed}`);
  const results = await new Stryker({
    ...testingOf(areas[area]),
    plugins: ["@stryker-mutator/vitest-runner", join(root, "scripts", "mutants", "in-sample.mjs")],
    checkers: ["in-sample"],
    mutate: sample.map(rangeOf),
    incremental: true,
    incrementalFile: files.incremental,
    reporters: ["html", "progress-append-only"],
    htmlReporter: { fileName: files.report },
    tempDirName: join(".cache", "stryker"),
    cleanTempDir: "always",
    ignorePatterns: ["/docs/api", "/notebooks", "/.venv", "/runs", "/data"],
    concurrency: 1,
    timeoutMS: 20_000,
    timeoutFactor: 2,
    dryRunTimeoutMinutes: 20,
    allowConsoleColors: false,
    logLevel: "warn",
    warnings: { slow: false },
  }).runMutationTest();
  const tested = results
    .map((result) => ({ ...result, file: relative(root, result.fileName).split(sep).join("/") }))
    .filter((m) => keys.has(keyOf(m.file, m.location, m.mutatorName, m.replacement)));
  report(area, tested, files.report);
}

const leastKilled = 0.8;
const killedBy = ["Killed", "Timeout", "RuntimeError"];

/** How many mutants came to which end: many that ran out of time may tell of a busy machine, not of good tests. */
function countsOf(results) {
  const counts = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return Object.entries(counts)
    .map(([status, count]) => `${status} ${count}`)
    .join(", ");
}

const short = (code) => code.replace(/\s+/g, " ").slice(0, 70);

function report(area, results, page) {
  const alive = results.filter(({ status }) => !killedBy.includes(status));
  for (const { file, location, mutatorName, replacement, status } of alive) {
    const text = textAt(readFileSync(file, "utf8").split("\n"), location);
    console.log(`  ${file}:${location.start.line}:${location.start.column} ${mutatorName} (${status})`);
    console.log(`    ${short(text)} -> ${short(replacement)}`);
  }
  const killed = results.length - alive.length;
  const share = ((100 * killed) / results.length).toFixed(0);
  console.log(`${area}: ${killed} of ${results.length} killed, ${share} % (${countsOf(results)})`);
  console.log(`${area}: ${page}`);
  if (killed < leastKilled * results.length) process.exitCode = 1;
}

for (const area of positionals.length > 0 ? positionals : Object.keys(areas)) await test(area);
