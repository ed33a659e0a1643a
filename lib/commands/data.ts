import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { commandLine, redirectAnnouncements, visibleLines } from "../core";
import {
  type ColumnChoice,
  type Dataset,
  datasetCatalogue,
  datasetEntry,
  datasetFiles,
  loadDataset,
  type ReadOptions,
  removeDataset,
  rowCount,
  verifyDatasetFile,
} from "../data";
import { table } from "../tables";
import { runCommand, safeOutput } from "./terminal";

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

/** A column as a person writes it: a position from 0, a name, or `-` for none. */
function column(text: string): ColumnChoice {
  return text === "-" ? null : /^\d+$/.test(text) ? Number(text) : text;
}

interface InfoOptions extends Output {
  readonly delimiter?: string;
  readonly header: boolean;
  readonly user?: ColumnChoice;
  readonly item?: ColumnChoice;
  readonly rating?: ColumnChoice;
  readonly time?: ColumnChoice;
  readonly latin1?: boolean;
  readonly milliseconds?: boolean;
  readonly dropBadRows?: boolean;
  readonly member?: string;
}

function readOptions(options: InfoOptions): ReadOptions {
  const { delimiter, header, user, item, rating, time, latin1, milliseconds, dropBadRows, member } = options;
  return {
    ...(delimiter === undefined ? {} : { delimiter: delimiter.replace("\\t", "\t") }),
    ...(header ? {} : { header }),
    columns: Object.fromEntries(
      Object.entries({ user, item, rating, time }).filter(([, choice]) => choice !== undefined),
    ),
    ...(latin1 === true ? { encoding: "latin1" } : {}),
    ...(milliseconds === true ? { timeUnit: "milliseconds" } : {}),
    ...(dropBadRows === true ? { badRows: "drop" } : {}),
    ...(member === undefined ? {} : { member }),
  };
}

/** What a person wants to know of a dataset that was read. */
function describe({ interactions, dataHash, source, droppedRows, gaps }: Dataset) {
  const { userCount, itemCount, label, time } = interactions;
  const labels = [...new Set(label)].sort((a, b) => a - b);
  const known = time?.filter((seconds) => !Number.isNaN(seconds));
  const day = (seconds: number | undefined) =>
    seconds === undefined ? null : new Date(1000 * seconds).toISOString().slice(0, 10);
  return {
    source,
    rows: rowCount(interactions),
    users: userCount,
    items: itemCount,
    ratings: labels.length > 12 ? `${labels[0]} to ${labels.at(-1)}` : labels.join(", "),
    timed: known?.length ?? 0,
    from: day(known?.reduce((a, b) => Math.min(a, b))),
    to: day(known?.reduce((a, b) => Math.max(a, b))),
    dropped:
      Object.entries(droppedRows)
        .map(([reason, count]) => `${count} x ${reason}`)
        .join("; ") || null,
    gaps: gaps.join("; ") || null,
    dataHash,
  };
}

const asLines = (facts: object): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key.padEnd(9)} ${visibleLines(String(value))}`)
    .join("\n");

async function info(name: string, options: InfoOptions): Promise<void> {
  if (!Object.hasOwn(datasetCatalogue(), name) && existsSync(name)) {
    const facts = describe(await loadDataset(name, { read: readOptions(options) }));
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

async function get(names: string[], options: Output & { offline: boolean }): Promise<void> {
  const got = await inTurn(names, async (name) => ({
    name,
    ...describe(await loadDataset(name, { offline: options.offline })),
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
command("info <name>", "what is known of a dataset, or what is in a file of your own")
  .option("--delimiter <text>", "what stands between fields (own file)")
  .option("--no-header", "the first line holds data (own file)")
  .addOption(new Option("--user <column>", "name or position from 0 of the users (own file)").argParser(column))
  .addOption(new Option("--item <column>", "… of the items").argParser(column))
  .addOption(new Option("--rating <column>", "… of the ratings, - for none").argParser(column))
  .addOption(new Option("--time <column>", "… of the times, - for none").argParser(column))
  .option("--latin1", "the file is ISO 8859-1")
  .option("--milliseconds", "times are milliseconds")
  .option("--drop-bad-rows", "leave malformed rows out and count them")
  .option("--member <name>", "the file inside a zip archive")
  .action(running(info));
command("get <names...>", "read datasets, fetching those that are not here; a broken download is continued")
  .option("--offline", "fetch nothing", false)
  .action(running(get));
command("verify [names...]", "read every file that is here and hold it against its hash").action(running(verify));
command("remove <names...>", "delete datasets from the cache").action(running(remove));

void program.parseAsync();
