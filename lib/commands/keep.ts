import { readdir, rm } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { canonicalJson, commandLine, InvalidArgumentError, inWorkFolder, readRegularFile, RecsysError } from "../core";
import {
  defaultStoreFolder,
  describeRun,
  type ExperimentResult,
  keepCode,
  keepRecords,
  keptPresets,
  type Preset,
  readKeptCode,
  readRecords,
  type RunCode,
  type RunRecord,
  RunStore,
  shellWord,
} from "../experiments";
import { type ExportedFile, keptFormats, type Sidecar, viewExports, writeExports } from "../figures";
import { builtInParts, experimentResult, viewNamed } from "../reproduction";

/** What decides what is kept, and where. */
export interface KeepOptions {
  readonly preset: Preset;
  readonly seeds?: number;
  readonly only: readonly string[];
  readonly store?: string;
  /** Default: `figures` of the checkout. */
  readonly outputDir?: string;
}

/**
 * Writes an experiment's records, table and figures, in the formats that are kept. Everything is made before anything
 * is written, and nothing that was kept is lost.
 *
 * @param figures where results are kept; what is only a part of a result, or another one, goes to `outputDir`
 * @returns the paths written
 * @throws InvalidArgumentError for a selection or another preset than the kept one, without a folder of its own
 * @throws RecsysError when runs are missing, or when runs that are kept would be lost
 */
export async function keepResult(
  name: string,
  options: KeepOptions,
  figures = inWorkFolder("figures"),
): Promise<readonly string[]> {
  const { preset, outputDir } = options;
  const target = resolve(outputDir ?? figures);
  if (target === resolve(figures)) requireWhole(name, options, target);
  await requireSamePreset(name, preset, target);
  const result = await experimentResult(name, options);
  requireAllRuns(result, options);
  await requireNoLoss(result, preset, target);
  const how = { command: keepCommand(name, options), record: `${name}-${preset}` };
  const files: ExportedFile[] = [];
  for (const one of viewExports(result, builtInParts, await keptFormats(name), how)) files.push(...(await one.make()));
  const record = await keepRecords(result.view, preset, result.found.records, join(target, "records"));
  const code = await keepCode(await codesOf(result.found.records, options), join(target, "records"));
  const folder = join(target, name);
  const written = await writeExports(folder, files);
  await removeOthers(folder, `${name}-`, written);
  return [record, code, ...written];
}

/** The command that keeps a result, as a person would type it at the root of the checkout. */
export function keepCommand(name: string, { preset, seeds, only, store, outputDir }: KeepOptions): string {
  const path = (folder: string) => relative(inWorkFolder(), resolve(folder)) || "."; // a machine's own paths are nobody's business
  const words = [
    ...[...commandLine("experiment").split(" "), "keep", name, "--preset", preset],
    ...(seeds === undefined ? [] : ["--seeds", String(seeds)]),
    ...only.flatMap((condition) => ["--only", condition]),
    ...(store === undefined ? [] : ["--store", path(store)]),
    ...(outputDir === undefined ? [] : ["--output-dir", path(outputDir)]),
  ];
  return words.map((word) => (/^[\w=@%+:,./-]+$/.test(word) ? word : shellWord(word))).join(" ");
}

const elsewhere = "give --output-dir DIR, such as --output-dir figures/local/selection";

/** What is kept of a view stands for the whole of it. */
function requireWhole(name: string, { seeds, only }: KeepOptions, folder: string): void {
  const part = [
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...only.map((condition) => `--only ${condition}`),
  ];
  if (part.length === 0) return;
  throw new InvalidArgumentError(`${part.join(" ")} selects a part of ${name}, which would replace the whole`, {
    where: join(folder, name),
    remedy: elsewhere,
  });
}

/** Tables and figures of one preset only are kept in a folder. */
async function requireSamePreset(name: string, preset: Preset, target: string): Promise<void> {
  const folder = join(target, "records");
  const kept = (await keptPresets(viewNamed(name), folder)).pop();
  if (kept === undefined || kept === preset) return;
  throw new InvalidArgumentError(`${name} is kept at preset ${kept}, not ${preset}`, {
    where: folder,
    remedy: `${elsewhere}; or remove the records of ${kept} first, if ${preset} is to take their place`,
  });
}

function requireAllRuns({ summary: { missing, runs, name } }: ExperimentResult, options: KeepOptions): void {
  if (missing === 0) return;
  throw new RecsysError(`${missing} of ${runs} runs are missing`, {
    remedy: keepCommand(name, { ...options, outputDir: undefined }).replace(" keep ", " run "),
  });
}

/** How many of the lost runs a message names. */
const mostNamed = 5;

/** Runs that are kept must be among the new ones: the same run, or one with the same configuration. */
async function requireNoLoss({ view, found }: ExperimentResult, preset: Preset, target: string): Promise<void> {
  const folder = join(target, "records");
  const kept = await readRecords(view, preset, folder);
  const ids = new Set(found.records.map(({ id }) => id));
  const configs = new Set(found.records.map(({ config }) => canonicalJson(config)));
  const lost = kept.filter(({ id, config }) => !ids.has(id) && !configs.has(canonicalJson(config)));
  if (lost.length === 0) return;
  const named = lost.slice(0, mostNamed).map(({ config }) => `    ${describeRun(config)}`);
  const more = lost.length > mostNamed ? [`    and ${lost.length - mostNamed} more`] : [];
  throw new RecsysError(
    [`this would lose ${lost.length} of the ${kept.length} runs that are kept:`, ...named, ...more].join("\n"),
    { where: folder, remedy: `give another --output-dir, or remove the ${view.name}-${preset} records there first` },
  );
}

/** The code versions of some records, as far as the store or what is kept knows their modules. */
async function codesOf(records: readonly RunRecord[], { store: folder }: KeepOptions): Promise<RunCode[]> {
  const store = new RunStore(folder ?? defaultStoreFolder());
  const kept = await readKeptCode();
  const codes: RunCode[] = [];
  for (const version of new Set(records.map(({ codeVersion }) => codeVersion))) {
    const modules = kept.get(version) ?? (await store.readCode(version));
    if (modules !== null) codes.push({ version, modules });
  }
  return codes;
}

/** Removes what was kept there before and is not made any more: sidecars of ours, and the files that they name. */
async function removeOthers(folder: string, prefix: string, written: readonly string[]): Promise<void> {
  const names = written.map((path) => basename(path));
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".json")) continue;
    for (const file of await madeWith(folder, name))
      if (file.startsWith(prefix) && !names.includes(file)) await rm(join(folder, basename(file)), { force: true });
  }
}

/** A sidecar and the files that it names; nothing for a file that is no sidecar. */
async function madeWith(folder: string, name: string): Promise<string[]> {
  try {
    const text = (await readRegularFile(join(folder, name))).toString("utf8");
    const sidecar = JSON.parse(text) as Partial<Sidecar>;
    if (`${sidecar.name}.json` === name && sidecar.dataSha256 !== undefined && sidecar.files !== undefined)
      return [...Object.keys(sidecar.files), name];
  } catch {
    return []; // what cannot be read does not say that it is ours
  }
  return [];
}
