import type { ExperimentResult, Parts } from "../experiments";
import { type LatexTable, toLatex } from "../tables";
import { type ExportedFile, type FigureFormat, figureFiles, type MadeBy, type TableFormat, tableFiles } from "./export";
import { type PaperFormat, paperFormats, type PaperOptions } from "./paper-options";
import type { PaperView } from "./paper-view";
import { shownPictures } from "./shown-pictures";
import { viewFigures } from "./view-figures";

/** A view's table or one of its figures, to be made. */
export interface ViewExport {
  /** Of its files, without extension. */
  readonly name: string;
  /** Its files, the sidecar last. */
  make(): Promise<ExportedFile[]>;
}

/** In what formats a view is exported. */
export interface ViewFormats {
  readonly table: readonly TableFormat[];
  /** @param name of the figure's files */
  figure(name: string): readonly FigureFormat[];
}

const figureFormats = ["svg", "pdf", "png", "html"] as const;
const tableFormats = ["tex", "csv", "md", "html"] as const;

/**
 * What is kept under version control: the rest can be made again at any time.
 *
 * @param view its name; a figure that a page of the checkout shows as a PNG has one
 * @example
 * const { table, figure } = await keptFormats("cau-main");
 * table; // ["tex", "csv", "md"]
 * figure("cau-main-drop-at-10"); // ["svg"], and "png" where a page shows that
 */
export async function keptFormats(view: string): Promise<ViewFormats> {
  const shown = await shownPictures();
  return {
    table: ["tex", "csv", "md"],
    figure: (name) => (shown.has(`figures/${view}/${name}.png`) ? ["svg", "png"] : ["svg"]),
  };
}

/**
 * The table and every figure of an experiment's result, in the order of reading. Nothing is written.
 *
 * @example
 * const { result } = await experiment("cau-main");
 * const formats = await keptFormats("cau-main");
 * const exports = viewExports(result, builtInParts, formats, { command: "my script" });
 * await writeExports("figures/mine", await exports[0].make()); // the table
 */
export function viewExports(
  result: ExperimentResult,
  parts: Parts,
  formats: ViewFormats,
  how: MadeBy,
): readonly ViewExport[] {
  const view = result.view.name;
  const table = `${view}-table`;
  const makeTable = () => tableFiles(result.table({ provenance: [how.command] }), table, how, formats.table);
  const figures = [...viewFigures(result, parts)].map(([what, figure]) => {
    const name = `${view}-${what}`;
    return { name, make: () => figureFiles(figure, name, how, formats.figure(name)) };
  });
  return [{ name: table, make: () => Promise.resolve(makeTable()) }, ...figures];
}

/**
 * Names of a view's figures and of its table, as its files have them.
 *
 * @example
 * const { result } = await experiment("ifru-time");
 * exportNames(paperView(result, builtInParts, { dataset: "ml-100k", backbone: "mf", metric: "auc" }));
 * // ["ifru-time-table_ml-100k-mf", "ifru-time-auc_ml-100k-mf"]
 */
export function exportNames({ result, figures, tableName }: PaperView): readonly string[] {
  return [...(result.summary.rows.length > 0 ? [tableName] : []), ...figures.keys()].map(
    (what) => `${result.view.name}-${what}`,
  );
}

/** A table or figure of a paper, to be made. */
export interface PaperExport extends ViewExport {
  /** How its table is set; none for a figure, and where it is not written as LaTeX. */
  readonly latex?: LatexTable;
}

/**
 * The table and every figure of a view for a paper, in the formats that are asked for. Nothing is written.
 *
 * @param howOf what its sidecar says of a name
 * @example
 * const { result } = await experiment("ifru-time");
 * const options = { venue: "acm-sigconf", metric: "auc" };
 * const exports = paperExports(paperView(result, builtInParts, options), options, () => ({ command: "my script" }));
 * for (const one of exports) await writeExports("figures/mine", await one.make());
 */
export function paperExports(
  view: PaperView,
  options: PaperOptions,
  howOf: (name: string) => MadeBy,
): readonly PaperExport[] {
  const formats = formatsOf(options);
  const asked = <T extends PaperFormat>(known: readonly T[]) => known.filter((one) => formats.includes(one));
  const [forTable, forFigures] = [asked(tableFormats), asked(figureFormats)];
  const [table, ...rest] = exportNames(view);
  const figures = [...view.figures].map(([what, figure]) => {
    const name = `${view.result.view.name}-${what}`;
    return { name, make: () => figureFiles(figure, name, howOf(name), forFigures, options.dpi) };
  });
  if (forTable.length === 0 || rest.length !== view.figures.size) return forFigures.length === 0 ? [] : figures;
  const provenance = [howOf(table).command, ...provenanceOf(howOf(table))];
  const value = view.table(provenance);
  const latex = forTable.includes("tex") ? { latex: toLatex(value, view.latex) } : {};
  const make = () => Promise.resolve(tableFiles(value, table, howOf(table), forTable, view.latex));
  return [{ name: table, make, ...latex }, ...(forFigures.length === 0 ? [] : figures)];
}

/**
 * What is made: all, or what a paper includes.
 *
 * @example
 * formatsOf({ venue: "ieee" }); // ["pdf", "tex"]
 * formatsOf({ venue: "ieee", format: ["svg"] }); // ["svg"]
 */
export function formatsOf({ format, venue }: PaperOptions): PaperOptions["format"] & object {
  return format ?? (venue === undefined ? paperFormats : ["pdf", "tex"]);
}

/** What a table's comment says beside the command. */
function provenanceOf({ record, options = {} }: MadeBy): string[] {
  return [
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(Object.keys(options).length === 0 ? [] : [`options ${JSON.stringify(options)}`]),
  ];
}
