import { isAbsolute, join, relative, resolve } from "node:path";
import { canonicalJson, commandLine, InvalidArgumentError, NotFoundError, RecsysError } from "../core";
import { keptResult, recordsFolder, type View } from "../experiments";
import { exportNames, type PaperEntry, type PaperOptions, paperView, venueOf, venues } from "../figures";
import { builtInParts, viewNamed, views } from "../reproduction";
import { table } from "../tables";
import { drawJobs } from "./draw-jobs";
import { type DrawJob, type DrawReport, type DrawRequest, keptFile } from "./draw-view";
import { writeReproducibility } from "./write-reproducibility";

/** What is drawn, and where. */
export interface DrawOptions {
  /** Each view goes to a folder of its name below, behind one of the venue's where there is one. */
  readonly outputDir: string;
  /** Processes. Default: one for each core. */
  readonly workers?: number;
  /** Whether the paragraph about how it was all computed is written beside them. Default: false. */
  readonly reproducibility?: boolean;
}

/**
 * Draws kept results and prints where. What is unchanged is left; what fails leaves its old files and sets the exit
 * status.
 *
 * @throws NotFoundError for a view that does not exist, naming the nearest, and for a named one without kept records
 * @throws InvalidArgumentError for a selection that fits no view, and where two entries would write the same files
 */
export async function drawFigures(
  entries: readonly PaperEntry[],
  { outputDir, workers, reproducibility = false }: DrawOptions,
): Promise<void> {
  const requests = entries.flatMap((entry) => requestsOf(entry, outputDir));
  requireApart(requests);
  const jobs = new Map<string, DrawRequest[]>();
  for (const { view, request } of requests) jobs.set(view, [...(jobs.get(view) ?? []), request]);
  const all = [...jobs].map(([view, own]): DrawJob => ({ view, requests: own }));
  const reports = await drawJobs(all, workers);
  const named = new Set(requests.filter(({ isNamed }) => isNamed).map(({ view }) => view));
  print(reports, named);
  if (reproducibility) await writeReproducibility(requests, outputDir);
}

/** A view to draw in one way. */
interface ViewRequest {
  readonly view: string;
  /** Whether it was asked for by name; else it is left out where a selection does not fit it. */
  readonly isNamed: boolean;
  readonly request: DrawRequest;
}

function requestsOf({ name, ...options }: PaperEntry, outputDir: string): ViewRequest[] {
  const names = name === undefined ? [] : typeof name === "string" ? [name] : name;
  const venue = options.venue === undefined ? undefined : venueOf(options.venue);
  const complete = inOneOrder({ ...options, ...(venue === undefined ? {} : { venue }) });
  const folderOf = (view: string) => join(outputDir, ...(venue === undefined ? [] : [venue.name]), view);
  return [...itemsOf(names)].map(([view, only]) => {
    requireKept(viewNamed(view));
    return { view, isNamed: names.length > 0, request: { options: complete, only, folder: folderOf(view) } };
  });
}

/** Options with their keys in one order, wherever they come from: they stand in the files that are made. */
function inOneOrder(options: PaperOptions): PaperOptions {
  return JSON.parse(canonicalJson(options)) as PaperOptions;
}

/** The views that names mean, each with the figures and tables that are asked for; all of it where none is. */
function itemsOf(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const items = new Map<string, string[]>();
  if (names.length === 0) {
    for (const view of Object.values(views)) if (keptFile(view) !== undefined) items.set(view.name, []);
    return items;
  }
  const whole = new Set(names.filter((name) => Object.hasOwn(views, name)));
  for (const view of whole) items.set(view, []);
  for (const name of names.filter((one) => !whole.has(one))) {
    const view = viewOfItem(name);
    if (!whole.has(view)) items.set(view, [...(items.get(view) ?? []), itemName(name, view)]);
  }
  return items;
}

/** The view whose figure or table a name is: `cau-main-hit-u-at-10`, `cau-main/hit-u@10`. */
function viewOfItem(name: string): string {
  const owners = Object.keys(views).filter((view) => name.startsWith(`${view}-`) || name.startsWith(`${view}/`));
  const [longest] = owners.sort((a, b) => b.length - a.length);
  return longest ?? viewNamed(name).name; // names the nearest
}

const itemName = (name: string, view: string) => `${view}-${name.slice(view.length + 1).replace("@", "-at-")}`;

function requireKept(view: View): void {
  if (keptFile(view) !== undefined) return;
  throw new NotFoundError(`no records of ${view.name} are kept`, {
    where: recordsFolder(),
    remedy: `${commandLine("experiment")} run ${view.name} && ${commandLine("experiment")} keep ${view.name}`,
  });
}

/** Two ways of drawing one figure cannot have the same file. */
function requireApart(requests: readonly ViewRequest[]): void {
  const seen = new Map<string, PaperOptions>();
  for (const { view, request } of requests)
    for (const item of request.only.length > 0 ? request.only : [view]) {
      const path = `${request.folder} ${item}`;
      const before = seen.get(path) ?? seen.get(`${request.folder} ${view}`);
      if (before !== undefined && canonicalJson(before) !== canonicalJson(request.options))
        throw new InvalidArgumentError(`two entries would write ${item} to one folder`, {
          where: request.folder,
          remedy: "put them into files of their own, each with its outputDir",
        });
      seen.set(path, request.options);
    }
}

function print(reports: readonly DrawReport[], named: ReadonlySet<string>): void {
  const isLeftOut = ({ view, failed }: DrawReport) => !named.has(view) && failed.some((one) => one.isSelection);
  const [shown, leftOut] = [reports.filter((one) => !isLeftOut(one)), reports.filter(isLeftOut)];
  if (shown.length === 0) throw new InvalidArgumentError(leftOut[0]?.failed[0]?.problem ?? "nothing to draw");
  for (const { folder, drawn, kept, files } of shown) {
    const unchanged = kept === 0 ? "" : `, ${kept} unchanged`;
    console.log(`${shortPath(folder)}: ${drawn} drawn (${files} files)${unchanged}`);
  }
  for (const notice of new Set(shown.flatMap(({ notices }) => notices))) console.error(notice);
  if (leftOut.length > 0)
    console.error(`left out, since the selection names nothing in them: ${leftOut.map(({ view }) => view).join(", ")}`);
  const failed = shown.flatMap((report) => report.failed);
  for (const { name, problem } of failed) console.error(`failed, the old files stay: ${name}: ${problem}`);
  if (failed.length > 0) process.exitCode = 1;
}

function shortPath(folder: string): string {
  const path = relative(process.cwd(), resolve(folder));
  return path.startsWith("..") || isAbsolute(path) ? folder : path;
}

/** Prints the names of figures and tables, of some views or of all that are kept. */
export async function listFigures(names: readonly string[], options: PaperOptions): Promise<void> {
  const chosen = [...itemsOf(names)];
  const rows: { name: string; shows: string }[] = [];
  for (const [named, only] of chosen) {
    const view = viewNamed(named);
    const result = await keptResult(view, builtInParts);
    if (result === null) continue;
    const paper = paperView(result, builtInParts, options);
    const isAsked = (name: string) => only.some((one) => name === one || name.startsWith(`${one}_`));
    for (const name of exportNames(paper).filter((one) => only.length === 0 || isAsked(one))) {
      const what = name.slice(view.name.length + 1);
      rows.push({
        name,
        shows: what === paper.tableName ? (paper.table([]).caption ?? "") : (paper.figures.get(what)?.caption ?? ""),
      });
    }
  }
  if (rows.length === 0) throw new RecsysError(`nothing is kept of ${names.join(", ") || "any experiment"}`, { where: recordsFolder() }); // prettier-ignore
  console.log(table({ rows }).toText());
}

/** Prints the venues. */
export function listVenues(): void {
  const rows = Object.values(venues).map(
    ({ name, columnPt, textPt, heightPt, bodyPt, captionPt, smallestPt, ...rest }) => ({
      venue: name,
      ...{ "column, pt": columnPt, "text, pt": textPt, "height, pt": heightPt },
      ...{ body: bodyPt, caption: captionPt, smallest: smallestPt, family: rest.family, source: rest.source },
    }),
  );
  console.log(table({ rows }).toText());
}

/** @throws NotFoundError for a name that no experiment, figure or table has */
export async function list(what: readonly string[], options: PaperOptions): Promise<void> {
  if (what.length === 1 && what[0] === "venues") return listVenues();
  return listFigures(what, options);
}
