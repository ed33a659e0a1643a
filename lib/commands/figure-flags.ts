import { dirname, resolve } from "node:path";
import { InvalidArgumentError, inWorkFolder, NotFoundError, readRegularFile, writeFileAtomic } from "../core";
import { type PaperEntry, type PaperOptions, paperOptions, type PaperSet, paperSet, venueOf } from "../figures";
import { drawFigures, list } from "./draw-figures";
import { drawPlotlyFiles, isPlotlyFile } from "./draw-plotly";
import { requireOutputFolder } from "./output-folder";

/** The flags of `figures` as they were typed. */
export interface FigureFlags {
  readonly list: boolean;
  readonly venue?: readonly string[];
  readonly width?: string;
  readonly format?: string;
  readonly dpi?: string;
  readonly outputDir?: string;
  readonly dataset?: readonly string[];
  readonly backbone?: readonly string[];
  readonly method?: readonly string[];
  readonly metric?: readonly string[];
  readonly seeds?: readonly string[];
  readonly label?: readonly string[];
  readonly order?: readonly string[];
  readonly palette?: readonly string[];
  readonly marker?: readonly string[];
  readonly grey?: boolean;
  readonly theme?: string;
  readonly facet?: string;
  readonly fontFamily?: string;
  readonly decimals?: string;
  readonly patch?: string;
  readonly browser?: boolean;
  readonly from?: string;
  readonly save?: string;
  readonly reproducibility?: boolean;
  readonly workers?: string;
}

/** Does what the command line says. */
export async function runFigures(names: readonly string[], flags: FigureFlags): Promise<void> {
  const options = await optionsOf(flags);
  if (!flags.list && names.some(isPlotlyFile)) return drawFiles(names, options, flags);
  if (flags.browser === true)
    throw new InvalidArgumentError("kept figures are drawn without a browser", {
      where: "--browser",
      remedy: "leave it out; it is for plotly figures that are saved as JSON: FILE.json --browser",
    });
  if (flags.list) return list(names, options);
  const venues = await Promise.all((flags.venue ?? []).map(venueFrom));
  const set = flags.from === undefined ? undefined : paperSet(await textOf(flags.from), flags.from);
  const entries = entriesOf(names, set, options, venues);
  const workers = flags.workers === undefined ? {} : { workers: wholeNumber(flags.workers, "--workers") };
  const reproducibility = flags.reproducibility ?? set?.reproducibility ?? false;
  const outputDir = outputFolder(flags, set);
  requireOutputFolder(outputDir, "--output-dir");
  if (flags.save !== undefined) await save(flags.save, entries, reproducibility);
  await drawFigures(entries, { outputDir, reproducibility, ...workers });
}

/** Draws saved plotly figures. @throws InvalidArgumentError for other names, and for an option of kept results */
async function drawFiles(names: readonly string[], options: PaperOptions, flags: FigureFlags): Promise<void> {
  const { format, dpi, ...others } = options;
  const kept = [...(flags.venue === undefined ? [] : ["venue"]), ...Object.keys(others)];
  if (flags.from !== undefined || flags.save !== undefined) kept.push("from", "save");
  const other = names.find((name) => !isPlotlyFile(name));
  if (other !== undefined || kept.length > 0)
    throw new InvalidArgumentError(
      `plotly figures are drawn apart from kept results, and ${other ?? kept[0]} is of these`,
      { remedy: "call the command twice; plotly figures take --format, --dpi, --output-dir and --browser" },
    );
  const outputDir = flags.outputDir ?? inWorkFolder("figures", "local", "plotly");
  requireOutputFolder(resolve(outputDir), "--output-dir");
  const given = Object.entries({ format, dpi }).filter(([, value]) => value !== undefined);
  await drawPlotlyFiles(names, { outputDir, browser: flags.browser === true, ...Object.fromEntries(given) }, textOf);
}

function outputFolder({ outputDir, from }: FigureFlags, set: PaperSet | undefined): string {
  if (outputDir !== undefined) return resolve(outputDir);
  if (from === undefined) return inWorkFolder("figures", "local");
  return resolve(dirname(from), set?.outputDir ?? "figures");
}

/** What is to be made: of the file, or of the names; each for every venue that is given. */
function entriesOf(
  names: readonly string[],
  set: PaperSet | undefined,
  options: PaperOptions,
  venues: readonly PaperOptions["venue"][],
): PaperEntry[] {
  if (set !== undefined && names.length > 0)
    throw new InvalidArgumentError("--from says what is made, and so do names", { remedy: "give one of the two" });
  const made = set?.make ?? [{ ...(names.length === 0 ? {} : { name: names }) }];
  const all = made.map((entry): PaperEntry => ({ ...entry, ...options }));
  return venues.length === 0 ? all : all.flatMap((entry) => venues.map((venue) => ({ ...entry, venue })));
}

/** Writes the file that makes the same again. */
async function save(path: string, make: readonly PaperEntry[], reproducibility: boolean): Promise<void> {
  const set: PaperSet = { version: 1, ...(reproducibility ? { reproducibility } : {}), make };
  await writeFileAtomic(resolve(path), JSON.stringify(set, null, 2) + "\n");
  console.error(`${path} says what is made: --from ${path} makes it again`);
}

/** A venue's name, a file, or an object as JSON. @throws InvalidArgumentError for none of them */
async function venueFrom(text: string): Promise<PaperOptions["venue"]> {
  const isFile = text.endsWith(".json");
  if (!isFile && !text.trimStart().startsWith("{")) return venueOf(text, "--venue").name;
  const where = isFile ? text : "--venue";
  return venueOf(jsonOf(isFile ? await textOf(text) : text, where) as Exclude<PaperOptions["venue"], undefined>, where);
}

/** The options that flags mean, but for the venue, of which there may be several. */
async function optionsOf(flags: FigureFlags): Promise<PaperOptions> {
  const { dataset, backbone, method, metric, order, grey, theme, facet, fontFamily } = flags;
  const { width, decimals, dpi, patch } = flags;
  const plain = { dataset, backbone, method, metric, order, grey, theme, facet, fontFamily };
  const read = {
    width: width === undefined ? undefined : widthOf(width),
    format: flags.format?.split(",").map((one) => one.trim()),
    dpi: dpi === undefined ? undefined : Number(dpi),
    seeds: flags.seeds?.flatMap(seedsOf),
    label: flags.label && pairsOf(flags.label, "--label"),
    palette: flags.palette && paletteOf(flags.palette),
    marker: flags.marker && pairsOf(flags.marker, "--marker"),
    decimals: decimals === undefined || decimals === "noise" ? decimals : Number(decimals),
    patch: patch === undefined ? undefined : jsonOf(await textOf(patch), patch),
  };
  const given = Object.entries({ ...plain, ...read }).filter(([, value]) => value !== undefined);
  return paperOptions(Object.fromEntries(given), "the command line");
}

function widthOf(text: string): string | number {
  const inches = /^(\d+(?:\.\d+)?)\s*in$/.exec(text);
  return inches === null ? text : Number(inches[1]);
}

/** `5`, `1-3` or `1,2,5` as numbers. */
function seedsOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) - Number(from) > 1e4)
      throw new InvalidArgumentError(`"${part}" is no seed`, { where: "--seeds", remedy: "give numbers: 1-3 or 5" });
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  });
}

/** `old=new` of every text; the last `=` parts them where a name has one of its own. */
function pairsOf(texts: readonly string[], where: string): Record<string, string> {
  const pairs = texts.map((text): [string, string] => {
    const at = where === "--label" ? text.indexOf("=") : text.lastIndexOf("=");
    if (at < 1) throw new InvalidArgumentError(`"${text}" is not name=value`, { where, remedy: `${where} 'old=new'` });
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function paletteOf(texts: readonly string[]): unknown {
  if (texts.some((text) => text.includes("="))) return pairsOf(texts, "--palette");
  const [only] = texts;
  return texts.length === 1 && !only.startsWith("#") ? only : texts.flatMap((text) => text.split(","));
}

function wholeNumber(text: string, where: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is no whole number`, { where, remedy: "give 1 or more" });
}

async function textOf(path: string): Promise<string> {
  try {
    return (await readRegularFile(resolve(path))).toString("utf8");
  } catch (cause) {
    throw new NotFoundError("this file cannot be read", { where: path, remedy: (cause as Error).message, cause });
  }
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidArgumentError(`this is no JSON: ${(cause as Error).message}`, {
      where,
      remedy: "give one object",
      cause,
    });
  }
}
