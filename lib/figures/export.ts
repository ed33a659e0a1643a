import { join } from "node:path";
import { type Provenance, provenance, sha256, InvalidArgumentError, writeFileAtomic } from "../core";
import type { LatexOptions, Table } from "../tables";
import type { Figure } from "./figure";
import { interactiveHtml } from "./interactive";
import { svgToPdfBytes, svgToPng, zoomForDpi } from "./render";

/** What the person who exports knows about how a figure or table came to be. */
export interface MadeBy {
  /** The command or notebook that made it. */
  readonly command: string;
  /** The record it shows, such as a run's or view's name. Default: none. */
  readonly record?: string;
  /** Everything that it was asked for. Default: nothing. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Hash of records, options and code: the same one gives the same files. Default: none. */
  readonly key?: string;
}

/** The sidecar beside every exported figure and table. */
export interface Sidecar {
  readonly name: string;
  readonly kind: "figure" | "table";
  readonly caption: string;
  readonly command: string;
  readonly record: string | null;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  /** sha256 of each file, by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Of what was drawn, without its data (figures), and of the data. */
  readonly specSha256: string | null;
  readonly dataSha256: string;
  readonly provenance: Provenance;
}

/** What a figure can be written as; `html` is interactive. */
export type FigureFormat = "svg" | "pdf" | "png" | "html";

/** What a table can be written as. */
export type TableFormat = "tex" | "csv" | "md" | "html";

/** A file that is made and not yet written. */
export interface ExportedFile {
  readonly file: string;
  readonly content: Buffer;
}

/**
 * Writes a figure, and a sidecar that says how it was made. The same figure gives the same bytes.
 *
 * @param folder made if need be
 * @param name the files' name without extension: lower-case letters, digits, `-` and `_`
 * @param formats Default: SVG, PDF and PNG (300 dpi)
 * @returns the paths written
 * @throws InvalidArgumentError for a name that is not a plain file name
 * @example
 * const figure = lineChart([{ series: "a", x: 1, y: 2 }], { xTitle: "epoch", yTitle: "loss", caption: "One point." });
 * await exportFigure(figure, "figures/mine", "loss", { command: "my notebook" }, ["svg", "pdf"]);
 */
export async function exportFigure(
  figure: Figure,
  folder: string,
  name: string,
  how: MadeBy,
  formats: readonly FigureFormat[] = ["svg", "pdf", "png"],
): Promise<string[]> {
  return writeExports(folder, await figureFiles(figure, name, how, formats));
}

/**
 * Writes a table, and a sidecar that says how it was made.
 *
 * @param folder made if need be
 * @param name the files' name without extension: lower-case letters, digits, `-` and `_`
 * @param formats Default: LaTeX, CSV, Markdown and HTML
 * @returns the paths written
 * @throws InvalidArgumentError for a name that is not a plain file name
 * @example
 * const shown = table({ rows: [{ method: "IFRU", auc: 0.71 }] });
 * await exportTable(shown, "figures/mine", "auc", { command: "my notebook" });
 */
export async function exportTable(
  table: Table,
  folder: string,
  name: string,
  how: MadeBy,
  formats: readonly TableFormat[] = ["tex", "csv", "md", "html"],
): Promise<string[]> {
  return writeExports(folder, tableFiles(table, name, how, formats));
}

/**
 * A figure's files, the sidecar last.
 *
 * @param dpi of a PNG. Default: 300
 * @throws InvalidArgumentError for a name that is not a plain file name
 */
export async function figureFiles(
  figure: Figure,
  name: string,
  how: MadeBy,
  formats: readonly FigureFormat[],
  dpi = 300,
): Promise<ExportedFile[]> {
  const svg = formats.some((format) => format !== "html") ? figure.toSvg() : ""; // drawn once for all three
  const make = {
    svg: () => svg,
    pdf: () => svgToPdfBytes(svg),
    png: () => svgToPng(svg, zoomForDpi(dpi)),
    html: () => interactiveHtml(figure),
  };
  const files: ExportedFile[] = [];
  for (const format of formats) {
    const content = await make[format]();
    files.push({ file: `${name}.${format}`, content: Buffer.from(content) });
  }
  return withSidecar(name, files, { kind: "figure", caption: figure.caption, ...figure.hashes() }, how);
}

/**
 * A table's files, the sidecar last.
 *
 * @param latex how its LaTeX is set
 * @throws InvalidArgumentError for a name that is not a plain file name
 */
export function tableFiles(
  table: Table,
  name: string,
  how: MadeBy,
  formats: readonly TableFormat[],
  latex: LatexOptions = {},
): ExportedFile[] {
  const make = {
    tex: () => table.toLatex(latex),
    csv: () => table.toCsv(),
    md: () => table.toMarkdown(),
    html: () => table.toHtml(),
  };
  const files = formats.map((format) => ({ file: `${name}.${format}`, content: Buffer.from(make[format]()) }));
  const dataSha256 = sha256(Buffer.from(table.toCsv()));
  return withSidecar(name, files, { kind: "table", caption: table.caption ?? "", specSha256: null, dataSha256 }, how);
}

/** Files and the sidecar that names them. @throws InvalidArgumentError for a name that is not a plain file name */
export function withSidecar(
  name: string,
  files: readonly ExportedFile[],
  what: Pick<Sidecar, "kind" | "caption" | "specSha256" | "dataSha256">,
  how: MadeBy,
): ExportedFile[] {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name))
    throw new InvalidArgumentError(`"${name}" cannot name a figure's files`, {
      remedy: "use lower-case letters, digits, - and _",
    });
  const sidecar: Sidecar = {
    name,
    ...what,
    command: how.command,
    record: how.record ?? null,
    ...(how.options === undefined ? {} : { options: how.options }),
    ...(how.key === undefined ? {} : { key: how.key }),
    files: Object.fromEntries(files.map(({ file, content }) => [file, sha256(content)])),
    provenance: provenance(),
  };
  return [...files, { file: `${name}.json`, content: Buffer.from(JSON.stringify(sidecar, null, 2) + "\n") }];
}

/**
 * Writes files, each whole.
 *
 * @param folder made if need be
 * @returns their paths
 * @example
 * const { result } = await experiment("cau-main");
 * const formats = await keptFormats("cau-main");
 * const [table] = viewExports(result, builtInParts, formats, { command: "my script" });
 * await writeExports("figures/mine", await table.make()); // cau-main-table.tex and others, the sidecar last
 */
export async function writeExports(folder: string, files: readonly ExportedFile[]): Promise<string[]> {
  for (const { file, content } of files) await writeFileAtomic(join(folder, file), content);
  return files.map(({ file }) => join(folder, file));
}
