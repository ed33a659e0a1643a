import { join } from "node:path";
import { type Provenance, provenance, sha256, InvalidArgumentError, writeFileAtomic } from "../core";
import type { Table } from "../tables";
import type { Figure } from "./figure";

/** What the person who exports knows about how a figure or table came to be. */
export interface MadeBy {
  /** The command or notebook that made it. */
  readonly command: string;
  /** The record it shows, such as a run's or view's name. Default: none. */
  readonly record?: string;
}

/** The sidecar beside every exported figure and table. */
export interface Sidecar {
  readonly name: string;
  readonly kind: "figure" | "table";
  readonly caption: string;
  readonly command: string;
  readonly record: string | null;
  /** sha256 of each file, by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Of what was drawn, without its data (figures), and of the data. */
  readonly specSha256: string | null;
  readonly dataSha256: string;
  readonly provenance: Provenance;
}

/**
 * Writes a figure as SVG, PDF and PNG (300 dpi), and a sidecar that says how it was made. The same figure gives the same bytes.
 *
 * @param folder made if need be
 * @param name the files' name without extension: lower-case letters, digits, `-` and `_`
 * @returns the paths written
 * @throws InvalidArgumentError for a name that is not a plain file name
 */
export async function exportFigure(figure: Figure, folder: string, name: string, how: MadeBy): Promise<string[]> {
  const files = { svg: Buffer.from(figure.toSvg()), pdf: await figure.toPdf(), png: figure.toPng() };
  return writeAll(folder, name, files, { kind: "figure", caption: figure.caption, ...figure.hashes() }, how);
}

/**
 * Writes a table as LaTeX, CSV, Markdown and HTML, and a sidecar that says how it was made.
 *
 * @param folder made if need be
 * @param name the files' name without extension: lower-case letters, digits, `-` and `_`
 * @returns the paths written
 * @throws InvalidArgumentError for a name that is not a plain file name
 */
export async function exportTable(table: Table, folder: string, name: string, how: MadeBy): Promise<string[]> {
  const csv = Buffer.from(table.toCsv());
  const files = {
    tex: Buffer.from(table.toLatex()),
    csv,
    md: Buffer.from(table.toMarkdown()),
    html: Buffer.from(table.toHtml()),
  };
  const what = { kind: "table" as const, caption: table.caption ?? "", specSha256: null, dataSha256: sha256(csv) };
  return writeAll(folder, name, files, what, how);
}

async function writeAll(
  folder: string,
  name: string,
  contents: Readonly<Record<string, Buffer>>,
  what: Pick<Sidecar, "kind" | "caption" | "specSha256" | "dataSha256">,
  how: MadeBy,
): Promise<string[]> {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name))
    throw new InvalidArgumentError(`"${name}" cannot name a figure's files`, {
      remedy: "use lower-case letters, digits, - and _",
    });
  const files = Object.entries(contents).map(([extension, content]) => ({ file: `${name}.${extension}`, content }));
  const sidecar: Sidecar = {
    name,
    ...what,
    command: how.command,
    record: how.record ?? null,
    files: Object.fromEntries(files.map(({ file, content }) => [file, sha256(content)])),
    provenance: provenance(),
  };
  files.push({ file: `${name}.json`, content: Buffer.from(JSON.stringify(sidecar, null, 2) + "\n") });
  for (const { file, content } of files) await writeFileAtomic(join(folder, file), content);
  return files.map(({ file }) => join(folder, file));
}
