import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { NotFoundError, sha256 } from "recsys-unlearning/core";
import { freeId, type Notebook, type NotebookCell } from "../notebook/notebook-file";
import { kernelspecName } from "../notebook/execute-notebook";
import { type Course, notebookName } from "./layout";

/** The largest notebook that is read, in bytes. */
const maxBytes = 50_000_000;
const maxCells = 2000;
/** The most characters in the code or text of a cell. */
const maxCellCharacters = 1_000_000;

/** A submission as far as it could be read. */
export interface Submission {
  readonly student: string;
  /** Nothing where it cannot be read at all; `problems` says why. */
  readonly notebook: Notebook | undefined;
  /** What was wrong with it, for the student. */
  readonly problems: readonly string[];
  /** Of its bytes. */
  readonly hash: string;
}

/**
 * Reads what a student has handed in. Never throws for what stands there.
 *
 * @throws NotFoundError where nothing stands there, or this process may not read it: no mark can come of that
 */
export async function readSubmission(course: Course, student: string, assignment: string): Promise<Submission> {
  const found = await findNotebook(course, student, assignment);
  if ("problem" in found)
    return { student, notebook: undefined, problems: [found.problem], hash: sha256(found.problem) };
  const { bytes, problems } = found;
  const read = parseSubmission(bytes.toString("utf8"));
  return { student, notebook: read.notebook, problems: [...problems, ...read.problems], hash: sha256(bytes) };
}

type Found = { readonly problem: string } | { readonly bytes: Buffer; readonly problems: string[] };

async function findNotebook(course: Course, student: string, assignment: string): Promise<Found> {
  const above = join(course.folder, "submitted", student);
  const folder = course.of("submitted", student, assignment);
  try {
    for (const path of [above, folder])
      if (!(await lstat(path)).isDirectory()) return { problem: "the submission is a link or a file, not a folder" };
    const names = (await readdir(folder)).filter((name) => name.endsWith(".ipynb"));
    const wanted = notebookName(assignment);
    const name = names.includes(wanted) ? wanted : names.length === 1 ? names[0] : undefined;
    if (name === undefined)
      return {
        problem: `the submission has ${names.length === 0 ? "no notebook" : "several notebooks"}, none of the name ${wanted}`,
      };
    const problems = name === wanted ? [] : [`the notebook was called ${name} instead of ${wanted}`];
    return { bytes: await readPlain(join(folder, name)), problems };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw new NotFoundError("the submission cannot be read", { where: folder, cause: error });
  }
}

class Refused extends Error {}

/** A plain file of bounded size; a link is not followed. */
async function readPlain(path: string): Promise<Buffer> {
  const refuse = (): never => {
    throw new Refused("the notebook is a link or no plain file");
  };
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ELOOP" || error.code === "ENXIO") return refuse(); // a link; a socket
    throw error;
  });
  try {
    const { size, nlink, ...stats } = await file.stat().then((one) => Object.assign(one, { plain: one.isFile() }));
    if (!stats.plain || nlink > 1) refuse();
    if (size > maxBytes) throw new Refused(`the notebook has ${size} bytes; clear its outputs (at most ${maxBytes})`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const conflictMarks = /^[\s"]*(<{7}|={7}|>{7})( |$|\\n|")/m;

/** Reads the text of a notebook, and makes the best of what is wrong with it. */
export function parseSubmission(text: string): { notebook: Notebook | undefined; problems: string[] } {
  const problems: string[] = [];
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    const marks = conflictMarks.test(text) ? "it holds the marks of a merge conflict" : "save it again in JupyterLab";
    return { notebook: undefined, problems: [`the notebook is damaged (not JSON): ${marks}`] };
  }
  if (!isRecord(value) || value["nbformat"] !== 4 || !Array.isArray(value["cells"]))
    return {
      notebook: undefined,
      problems: ["the file is not a notebook of format 4: open and save it in JupyterLab"],
    };
  if (value["cells"].length > maxCells)
    return { notebook: undefined, problems: [`the notebook has more than ${maxCells} cells`] };
  const metadata = isRecord(value["metadata"]) ? value["metadata"] : {};
  const kernel = kernelOf(metadata);
  if (kernel !== undefined) problems.push(`the notebook was saved for another kernel (${kernel}); it was run in ours`);
  const taken = new Set<string>();
  const cells = value["cells"].map((cell: unknown, index) => readCell(cell, index + 1, taken, problems));
  return { notebook: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, problems };
}

function kernelOf(metadata: Record<string, unknown>): string | undefined {
  const { kernelspec } = metadata;
  const name = isRecord(kernelspec) ? kernelspec["name"] : undefined;
  return name === undefined || name === kernelspecName ? undefined : String(name).slice(0, 60);
}

function readCell(value: unknown, number: number, taken: Set<string>, problems: string[]): NotebookCell {
  const given = isRecord(value) ? value : {};
  const type = given["cell_type"];
  const id = given["id"];
  const wanted = typeof id === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(id) ? id : `cell-${number}`;
  if (wanted === id && taken.has(wanted)) problems.push(`cell ${number} has the id of another cell`);
  let source = textOf(given["source"]);
  if (source.length > maxCellCharacters) {
    problems.push(`cell ${number} has ${source.length} characters, and was left out`);
    source = "";
  }
  const cell: NotebookCell = {
    cell_type: type === "code" || type === "markdown" ? type : "raw",
    id: freeId(wanted, taken),
    metadata: isRecord(given["metadata"]) ? { nbgrader: given["metadata"]["nbgrader"] } : {},
    source: source.replace(/\r\n?/g, "\n"),
  };
  if (type !== "code") return cell;
  problems.push(...oddities(cell.source, number));
  return { ...cell, outputs: [], execution_count: null };
}

/** What often breaks code that was pasted or merged. */
function oddities(code: string, number: number): string[] {
  const found: string[] = [];
  if (/[\u201c\u201d\u2018\u2019\u00ab\u00bb]/.test(code))
    found.push(`cell ${number} has typographic quotes, as a word processor makes them`);
  if (conflictMarks.test(code)) found.push(`cell ${number} has the marks of a merge conflict`);
  return found;
}

function textOf(source: unknown): string {
  if (typeof source === "string") return source;
  return Array.isArray(source) ? source.filter((line) => typeof line === "string").join("") : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
