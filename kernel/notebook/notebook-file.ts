import { readFile } from "node:fs/promises";
import { InvalidDataError, NotFoundError, writeFileAtomic } from "recsys-unlearning/core";
import type { Output } from "../client/outputs";
import type { Content } from "../protocol/message";

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
  const cells = value["cells"].map((cell: unknown, index) => parseCell(cell, `${where}, cell ${index + 1}`, index));
  const ids = new Set(cells.map((cell) => cell.id));
  if (ids.size < cells.length) throw new InvalidDataError("two cells have the same id", { where });
  return { cells, metadata: value["metadata"], nbformat: 4, nbformat_minor: 5 };
}

function parseCell(value: unknown, where: string, index: number): NotebookCell {
  if (!isRecord(value) || !isRecord(value["metadata"])) throw new InvalidDataError("not a cell", { where });
  const type = value["cell_type"];
  if (type !== "code" && type !== "markdown" && type !== "raw")
    throw new InvalidDataError(`unknown cell type ${JSON.stringify(type)}`, { where });
  const tags: unknown = value["metadata"]["tags"];
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === "string")))
    throw new InvalidDataError("the cell's tags are not a list of texts", { where });
  const id = value["id"] ?? `cell-${index + 1}`;
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
  if (value["output_type"] === "stream") return { ...value, text: joined(value["text"], where) } as unknown as Output;
  if (!isRecord(value["data"])) return value as unknown as Output;
  const data = Object.fromEntries(
    Object.entries(value["data"]).map(([type, content]) => [
      type,
      isJsonType(type) ? content : Array.isArray(content) ? joined(content, where) : content,
    ]),
  );
  return { ...value, data } as unknown as Output;
}

function joined(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  throw new InvalidDataError("a text is neither a string nor a list of lines", { where });
}

function isRecord(value: unknown): value is Content {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonType(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

/**
 * Writes a notebook as Jupyter does (sorted keys, texts as lists of lines, one space of indent), old or new but never
 * half.
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeFileAtomic(path, notebookText(notebook));
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
