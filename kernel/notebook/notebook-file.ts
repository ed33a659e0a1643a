import { access, chmod, constants, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { InvalidArgumentError, InvalidDataError, NotFoundError, writeFileAtomic } from "recsys-unlearning/core";
import type { Output } from "../client/outputs";
import { type Content, isJsonType } from "../protocol/message";

/** A notebook of format 4.5 with every multi-line text joined. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Content;
  nbformat: 4;
  nbformat_minor: number;
}

export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  /** Unique in the notebook, kept through every execution. */
  id: string;
  metadata: Content & { tags?: string[] };
  source: string;
  /** Of code cells only, as is `execution_count`. */
  outputs?: Output[];
  execution_count?: number | null;
}

/** Whether a cell carries a tag. */
export function hasTag(cell: NotebookCell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) === true;
}

/**
 * Reads a notebook file.
 *
 * @throws NotFoundError when there is none
 * @throws InvalidDataError when it is not a notebook of format 4; `where` names the file and the cell
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NotFoundError("the notebook cannot be read", { where: path, cause });
  });
  return parseNotebook(text, path);
}

/** The same from text. @param where named in errors */
export function parseNotebook(text: string, where: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidDataError("the notebook is not JSON", { where, cause });
  }
  if (!isRecord(value) || value["nbformat"] !== 4 || !Array.isArray(value["cells"]) || !isRecord(value["metadata"]))
    throw new InvalidDataError("not a notebook of format 4", { where, remedy: "open and save it in JupyterLab" });
  if (isDeeperThan(maxDepth, value))
    throw new InvalidDataError(`the notebook is nested more than ${maxDepth} levels deep`, { where });
  const given = value["cells"].map((cell: unknown) => (isRecord(cell) ? cell["id"] : undefined));
  const taken = new Set(given.filter((id) => typeof id === "string"));
  const cells = value["cells"].map((cell: unknown, index) => {
    const id = given[index] ?? freeId(`cell-${index + 1}`, taken);
    return parseCell(cell, id, `${where}, cell ${index + 1}`);
  });
  const ids = new Set(cells.map((cell) => cell.id));
  if (ids.size < cells.length) throw new InvalidDataError("two cells have the same id", { where });
  return { cells, metadata: value["metadata"], nbformat: 4, nbformat_minor: 5 };
}

/** Past this, programs that read notebooks run out of stack; Python's at about as much. */
const maxDepth = 500;

function isDeeperThan(levels: number, value: unknown): boolean {
  let layer = [value];
  for (let level = 0; layer.length > 0; level++) {
    if (level > levels) return true;
    layer = layer.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** An id that no cell has, from a wanted one; from then on it is taken. */
export function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  taken.add(id);
  return id;
}

function parseCell(value: unknown, id: unknown, where: string): NotebookCell {
  if (!isRecord(value) || !isRecord(value["metadata"])) throw new InvalidDataError("not a cell", { where });
  const type = value["cell_type"];
  if (type !== "code" && type !== "markdown" && type !== "raw")
    throw new InvalidDataError(`unknown cell type ${JSON.stringify(type)}`, { where });
  const tags: unknown = value["metadata"]["tags"];
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === "string")))
    throw new InvalidDataError("the cell's tags are not a list of texts", { where });
  if (typeof id !== "string" || !/^[a-zA-Z0-9_-]{1,64}$/.test(id))
    throw new InvalidDataError(`the cell's id ${JSON.stringify(id)} is not 1 to 64 letters, digits, "-" or "_"`, {
      where,
    });
  const cell: NotebookCell = {
    cell_type: type,
    id,
    metadata: value["metadata"],
    source: joined(value["source"], where),
    ...(isRecord(value["attachments"]) ? { attachments: value["attachments"] } : {}),
  };
  if (type !== "code") return cell;
  const outputs = Array.isArray(value["outputs"]) ? value["outputs"] : [];
  const count = typeof value["execution_count"] === "number" ? value["execution_count"] : null;
  return { ...cell, outputs: outputs.map((output: unknown) => parseOutput(output, where)), execution_count: count };
}

function parseOutput(value: unknown, where: string): Output {
  if (!isRecord(value)) throw new InvalidDataError("an output is not an object", { where });
  switch (value["output_type"]) {
    case "stream":
      return { ...value, text: joined(value["text"] ?? "", where) } as unknown as Output;
    case "error": {
      const { ename = "", evalue = "", traceback = [] } = value;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [String(traceback)];
      return { ...value, ename: String(ename), evalue: String(evalue), traceback: lines } as unknown as Output;
    }
    case "display_data":
    case "execute_result":
      return {
        ...value,
        data: parseData(value["data"], where),
        metadata: isRecord(value["metadata"]) ? value["metadata"] : {},
      } as unknown as Output;
    default:
      throw new InvalidDataError(`unknown type of output ${JSON.stringify(value["output_type"])}`, { where });
  }
}

/** An output without any data shows nothing. */
function parseData(value: unknown, where: string): Content {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new InvalidDataError("the data of an output are not an object", { where });
  const joinedText = (type: string, content: unknown) =>
    isJsonType(type) || !Array.isArray(content) ? content : joined(content, where);
  return Object.fromEntries(Object.entries(value).map(([type, content]) => [type, joinedText(type, content)]));
}

function joined(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  throw new InvalidDataError("a text is neither a string nor a list of lines", { where });
}

function isRecord(value: unknown): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Writes a notebook as Jupyter does (sorted keys, texts as lists of lines, one space of indent), old or new but never
 * half. A link is followed, and a file that is there keeps its mode.
 *
 * @throws InvalidArgumentError for a file that may not be written, or a folder that cannot be one
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  const text = notebookText(notebook);
  const target = await writableTarget(path);
  try {
    await writeFileAtomic(target.path, text);
    if (target.mode !== undefined) await chmod(target.path, target.mode);
  } catch (cause) {
    throw cannotBeWritten(path, cause);
  }
}

/**
 * Where writing to a path would end up, and the mode of what is there; makes no file.
 *
 * @throws InvalidArgumentError as `writeNotebook` does
 */
export async function writableTarget(path: string): Promise<{ path: string; mode: number | undefined }> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const target = await realpath(path).catch(() => path);
    const mode = (await stat(target).catch(() => undefined))?.mode;
    // For the root user everything is writable, but somebody has made this file read-only.
    if (mode !== undefined && (mode & 0o222) === 0) throw new Error("the file is read-only");
    await access(mode === undefined ? dirname(target) : target, constants.W_OK);
    await access(dirname(target), constants.W_OK);
    return { path: target, mode: mode === undefined ? undefined : mode & 0o7777 };
  } catch (cause) {
    throw cannotBeWritten(path, cause);
  }
}

function cannotBeWritten(path: string, cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`the notebook cannot be written: ${(cause as Error).message}`, {
    where: path,
    remedy: "choose another folder with --output-dir, or make this one writable",
    cause,
  });
}

/** The text of a notebook file. Equal notebooks have equal text. */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    ...(cell.outputs === undefined ? {} : { outputs: cell.outputs.map(splitOutput) }),
  }));
  return `${JSON.stringify(sorted({ ...notebook, cells }), null, 1)}\n`;
}

function splitOutput(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.fromEntries(
    Object.entries(output.data).map(([type, content]) => [
      type,
      typeof content === "string" && isSplit(type) ? lines(content) : content,
    ]),
  );
  return { ...output, data };
}

/** The types whose texts Jupyter stores as lists of lines. */
function isSplit(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
