import { existsSync } from "node:fs";
import { Command } from "commander";
import { announce, commandLine, redirectAnnouncements } from "../core";
import {
  datasetCatalogue,
  datasetEntry,
  datasetFiles,
  fileFormats,
  loadDataset,
  removeDataset,
  spellReadOptionsAs,
  verifyDatasetFile,
} from "../data";
import { table } from "../tables";
import { asLines, describeDataset } from "./describe-dataset";
import { addReadFlags, type ReadFlags, readOptionsOf } from "./read-flags";
import { runProgram } from "../profiling";
import { runCommand, safeOutput } from "./terminal";
import { typedPath } from "./typed-path";

interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Prints a result: as JSON for programs, else as text for people. */
function print(output: Output, result: unknown, text: () => string): void {
  console.log(output.json ? JSON.stringify(result, null, 2) : text());
}

/** One after another: two datasets at once would only take the disk and the network from each other. */
async function inTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) results.push(await work(value));
  return results;
}

async function list(output: Output): Promise<void> {
  const rows = await inTurn(Object.entries(datasetCatalogue()), async ([name, { title, counts }]) => {
    const [file] = await datasetFiles(name);
    return { name, title, ...counts, here: file === undefined ? null : `${file.place}/${file.variant.file}` };
  });
  print(output, rows, () => table({ rows }).toText(process.stdout.isTTY));
}

async function info(name: string, options: Output & ReadFlags): Promise<void> {
  if (!Object.hasOwn(datasetCatalogue(), name) && (/[./\\]/.test(name) || existsSync(typedPath("data", name)))) {
    if (!options.json) redirectAnnouncements(() => undefined); // what is said of a file stands in the facts
    const facts = describeDataset(await loadDataset(typedPath("data", name), { read: readOptionsOf(options) }));
    return print(options, facts, () => asLines(facts));
  }
  const { title, homepage, licence, citation, counts, gaps, variants, origins } = datasetEntry(name);
  const here = (await datasetFiles(name)).map(({ place, variant, sizeBytes }) => ({
    place,
    file: variant.file,
    sizeBytes,
  }));
  const facts = { name, title, homepage, licence, citation, ...counts, gaps, variants, origins, here };
  print(options, facts, () =>
    asLines({
      ...facts,
      gaps: gaps.join("; ") || null,
      variants: variants
        .map(({ file, gaps }) => file + (gaps.length > 0 ? ` (${gaps.join("; ")})` : ""))
        .join("\n          "),
      origins: origins
        .map((origin) => (origin.kind === "pypi" ? `PyPI ${origin.requirement}` : origin.url))
        .join("\n          "),
      here:
        here.map(({ place, file, sizeBytes }) => `${place}/${file} (${sizeBytes} bytes)`).join(", ") ||
        "not on this machine",
    }),
  );
}

function formats(output: Output): Promise<void> {
  const rows = Object.entries(fileFormats).map(([format, { meaning, isFound }]) => ({
    format,
    found: isFound ? "yes" : "by name",
    meaning,
  }));
  print(output, rows, () =>
    [
      table({ rows }).toText(process.stdout.isTTY),
      "",
      "A format that is found needs no name; any is chosen with --format. Files may be gzipped or in a zip archive.",
      "Text is UTF-8, UTF-16 with its mark, or latin-1; other encodings are named with --encoding.",
    ].join("\n"),
  );
  return Promise.resolve();
}

async function get(names: string[], options: Output & { offline: boolean }): Promise<void> {
  const { RECSYS_DATA: folder = "" } = process.env;
  if (folder !== "" && !existsSync(folder)) announce(`the folder that RECSYS_DATA names does not exist: ${folder}`);
  const got = await inTurn(names, async (name) => ({
    name,
    ...describeDataset(await loadDataset(name, { offline: options.offline })),
  }));
  print(options, got, () => got.map(asLines).join("\n\n"));
}

async function verify(names: string[], output: Output): Promise<void> {
  const found = await inTurn(names.length > 0 ? names : Object.keys(datasetCatalogue()), async (name) =>
    (await datasetFiles(name)).map((file) => ({ name, file })),
  );
  const rows = await inTurn(found.flat(), async ({ name, file }) => {
    const { place, variant, dataHash, problem } = await verifyDatasetFile(name, file);
    return { name, file: `${place}/${variant.file}`, ok: problem === null, dataHash, problem };
  });
  print(output, rows, () =>
    rows.length === 0 ? "no datasets on this machine" : table({ rows }).toText(process.stdout.isTTY),
  );
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function remove(names: string[], output: Output): Promise<void> {
  const removed = await inTurn(names, async (name) => ({ name, freedBytes: await removeDataset(name) }));
  print(output, removed, () => removed.map(({ name, freedBytes }) => `${name}: ${freedBytes} bytes freed`).join("\n"));
}

/** Runs one of the commands above; with `--json`, stdout holds the result alone. */
function running<A extends unknown[]>(command: (...args: A) => Promise<void>) {
  return (...args: A) => {
    const output = args.find(
      (arg): arg is A[number] & Output => typeof arg === "object" && arg !== null && "json" in arg,
    );
    if (output?.json === true) redirectAnnouncements((line) => console.error(line));
    return runCommand(() => command(...args), { quiet: output?.quiet === true });
  };
}

const program = new Command(commandLine("data"))
  .configureOutput(safeOutput)
  .description("Datasets: what there is, what is here, and getting it.");

function command(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("--json", "the result as JSON on stdout", false)
    .option("--quiet", "no progress", false);
}

command("list", "every dataset of the catalogue, and which are on this machine").action(running(list));
addReadFlags(command("info <name>", "what is known of a dataset, or what is in a file of your own")).action(
  running(info),
);
command("formats", "every format of files that is read").action(running(formats));
command("get <names...>", "read datasets, fetching those that are not here; a broken download is continued")
  .option("--offline", "fetch nothing", false)
  .action(running(get));
command("verify [names...]", "read every file that is here and hold it against its hash").action(running(verify));
command("remove <names...>", "delete datasets from the cache").action(running(remove));

spellReadOptionsAs("flags");
void runProgram(program);
