import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  canonicalJson,
  commandLine,
  InvalidArgumentError,
  libFolder,
  NotFoundError,
  readRegularFile,
  sha256,
  sha256OfFile,
  writeFileAtomic,
} from "../core";
import {
  keptResult,
  moduleVersion,
  type Preset,
  presets,
  recordsFolder,
  SelectionError,
  type View,
} from "../experiments";
import {
  exportNames,
  fontHash,
  type MadeBy,
  type PaperExport,
  paperExports,
  type PaperOptions,
  paperView,
  type Sidecar,
  writeExports,
} from "../figures";
import { builtInParts, viewNamed } from "../reproduction";

/** One way in which a view is drawn. */
export interface DrawRequest {
  readonly options: PaperOptions;
  /** Names of the figures and tables; empty for all. */
  readonly only: readonly string[];
  /** Where its files go. */
  readonly folder: string;
}

/** A view and how it is drawn: what a process is given at a time. */
export interface DrawJob {
  readonly view: string;
  readonly requests: readonly DrawRequest[];
}

/** What could not be made, and whether that was since the view has nothing that a selection names. */
interface Failure {
  readonly name: string;
  readonly problem: string;
  readonly isSelection: boolean;
}

/** What became of a request. */
export interface DrawReport {
  readonly view: string;
  readonly folder: string;
  /** Figures and tables made, and those left as they were since nothing has changed. */
  readonly drawn: number;
  readonly kept: number;
  readonly files: number;
  /** What could not be made; its old files stay. */
  readonly failed: readonly Failure[];
  /** What to know of tables: packages they need, and where they do not fit. */
  readonly notices: readonly string[];
}

/** What a folder remembers: the names that a request makes, so that a second run need not read the records. */
interface Made {
  readonly version: 1;
  readonly requests: Readonly<
    Record<string, { readonly names: readonly string[]; readonly notices: readonly string[] }>
  >;
}

const madeFile = "made.json";
/** Requests that a folder remembers. */
const mostRequests = 8;

/** The largest preset of a view that is kept, with its file; `undefined` where none is. */
export function keptFile(view: View): { readonly preset: Preset; readonly path: string } | undefined {
  const files = presets.map((preset) => ({ preset, path: join(recordsFolder(), `${view.name}-${preset}.jsonl`) }));
  return files.reverse().find(({ path }) => existsSync(path));
}

/** Draws a view in every way that is asked for; what is unchanged is left. Failures are noted and the rest goes on. */
export async function drawJob({ view: name, requests }: DrawJob): Promise<DrawReport[]> {
  const view = viewNamed(name);
  let result: ReturnType<typeof keptResult> | undefined; // read once, and only where something has changed
  const reports: DrawReport[] = [];
  for (const request of requests) {
    const report = { view: name, folder: request.folder, drawn: 0, kept: 0, files: 0, failed: [], notices: [] };
    try {
      const key = await requestKey(view, request.options);
      const resultOf = () => (result ??= keptResult(view, builtInParts));
      reports.push((await unchangedReport(name, request, key)) ?? (await drawRequest(name, request, key, resultOf)));
    } catch (error) {
      const problem = { name, problem: (error as Error).message, isSelection: error instanceof SelectionError };
      reports.push({ ...report, failed: [problem] });
    }
  }
  return reports;
}

/** What decides every byte of a request's files: the records, what is asked for, a font, the code and its libraries. */
async function requestKey(view: View, options: PaperOptions): Promise<string> {
  const kept = keptFile(view);
  const { dependencies } = JSON.parse((await readRegularFile(join(libFolder(), "package.json"))).toString("utf8")) as {
    dependencies: unknown;
  };
  return sha256(
    canonicalJson({
      records: kept === undefined ? null : await sha256OfFile(kept.path),
      options,
      font: await fontHash(options.fontFamily, options.venue),
      code: moduleVersion(__filename),
      dependencies,
    }),
  );
}

const keyOf = (request: string, name: string) => sha256(`${request} ${name}`);

async function unchangedReport(view: string, request: DrawRequest, key: string): Promise<DrawReport | null> {
  const remembered = (await readMade(request.folder)).requests[key];
  if (remembered === undefined) return null;
  const names = chosenOf(remembered.names, request.only, view);
  for (const name of names) if (!(await isUnchanged(request.folder, name, keyOf(key, name)))) return null;
  return {
    ...{ view, folder: request.folder, drawn: 0, kept: names.length, files: 0, failed: [] },
    notices: remembered.notices,
  };
}

/** Whether a sidecar has the key, and every file that it names is as it says. */
async function isUnchanged(folder: string, name: string, key: string): Promise<boolean> {
  try {
    const text = (await readRegularFile(join(folder, `${name}.json`))).toString("utf8");
    const sidecar = JSON.parse(text) as Partial<Sidecar>;
    if (sidecar.key !== key) return false;
    for (const [file, hash] of Object.entries(sidecar.files ?? {}))
      if ((await sha256OfFile(join(folder, file))) !== hash) return false;
    return true;
  } catch {
    return false; // missing or damaged: made again
  }
}

async function readMade(folder: string): Promise<Made> {
  try {
    const made = JSON.parse((await readRegularFile(join(folder, madeFile))).toString("utf8")) as Partial<Made>;
    if (made.version === 1 && made.requests !== undefined) return made as Made;
  } catch {
    // none yet, or damaged: everything is looked at
  }
  return { version: 1, requests: {} };
}

async function drawRequest(
  view: string,
  { options, only, folder }: DrawRequest,
  key: string,
  resultOf: () => ReturnType<typeof keptResult>,
): Promise<DrawReport> {
  const failed: Failure[] = [];
  const report = { view, folder, drawn: 0, kept: 0, files: 0, failed, notices: [] as string[] };
  const result = await resultOf();
  if (result === null) throw new NotFoundError(`nothing of ${view} is kept`, { where: recordsFolder() });
  const paper = paperView(result, builtInParts, options);
  const howOf = (name: string): MadeBy => ({
    command: `${commandLine("figures")} ${name}`,
    record: `${view}-${result.preset}`,
    ...(Object.keys(options).length === 0 ? {} : { options: options as Readonly<Record<string, unknown>> }),
    key: keyOf(key, name),
  });
  const all = paperExports(paper, options, howOf);
  const names = all.map(({ name }) => name);
  const figures = exportNames(paper).filter((name) => name !== `${view}-${paper.tableName}`);
  const asTables = (options.format ?? []).filter((one) => tablesOnly.includes(one));
  if (asTables.length > 0 && only.length > 0 && only.every((name) => chosenIn(figures, name).length > 0))
    report.notices.push(`${asTables.join(", ")} are for tables: no figure is written as them`);
  const areMade = names.length > 0 && only.every((name) => chosenIn(names, name).length > 0);
  const chosen = chosenOf(areMade ? names : exportNames(paper), only, view);
  for (const one of all.filter(({ name }) => chosen.includes(name))) await drawOne(one, folder, key, report);
  if (failed.length === 0 && areMade) await remember(folder, key, { names, notices: report.notices });
  return report;
}

async function drawOne(
  one: PaperExport,
  folder: string,
  key: string,
  report: { drawn: number; kept: number; files: number; failed: Failure[]; notices: string[] },
): Promise<void> {
  try {
    if (await isUnchanged(folder, one.name, keyOf(key, one.name))) report.kept++;
    else {
      const files = await one.make(); // all of it, before a file is touched
      report.files += (await writeExports(folder, files)).length;
      report.drawn++;
    }
  } catch (error) {
    report.failed.push({ name: one.name, problem: (error as Error).message, isSelection: false });
    return;
  }
  const { packages = [], notices = [] } = one.latex ?? {};
  if (packages.length > 0) report.notices.push(`${one.name}.tex needs ${packages.join(" ")}`);
  report.notices.push(...notices.map((notice) => `${one.name}.tex: ${notice}`));
}

/** What only tables are written as. */
const tablesOnly: readonly string[] = ["tex", "csv", "md"];

/** What a name means: itself, or all that begin with it. */
const chosenIn = (names: readonly string[], wanted: string) =>
  names.filter((name) => name === wanted || name.startsWith(`${wanted}_`));

/** @throws InvalidArgumentError for a name that the request does not make */
function chosenOf(names: readonly string[], only: readonly string[], view: string): readonly string[] {
  if (only.length === 0) return names;
  return only.flatMap((wanted) => {
    const found = chosenIn(names, wanted);
    if (found.length > 0) return found;
    throw new InvalidArgumentError(`${view} has no figure or table "${wanted}"`, {
      remedy: `"${commandLine("figures")} --list ${view}" names them; the formats that are asked for may leave it out`,
    });
  });
}

async function remember(folder: string, key: string, what: Made["requests"][string]): Promise<void> {
  const before = Object.entries((await readMade(folder)).requests).filter(([other]) => other !== key);
  const requests = Object.fromEntries([...before.slice(1 - mostRequests), [key, what]]);
  await writeFileAtomic(
    join(folder, madeFile),
    JSON.stringify({ version: 1, requests } satisfies Made, null, 1) + "\n",
  );
}
