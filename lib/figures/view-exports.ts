import { shownPictures } from "./shown-pictures";
import type { ExperimentResult, Parts } from "../experiments";
import { type ExportedFile, type FigureFormat, figureFiles, type MadeBy, type TableFormat, tableFiles } from "./export";
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

/** Everything, for papers and slides. */
export const allFormats: ViewFormats = {
  table: ["tex", "csv", "md", "html"],
  figure: () => ["svg", "pdf", "png", "html"],
};

/**
 * What is kept under version control: the rest can be made again at any time.
 *
 * @param view its name; a figure that a page of the checkout shows as a PNG has one
 */
export async function keptFormats(view: string): Promise<ViewFormats> {
  const shown = await shownPictures();
  return {
    table: ["tex", "csv", "md"],
    figure: (name) => (shown.has(`figures/${view}/${name}.png`) ? ["svg", "png"] : ["svg"]),
  };
}

/** The table and every figure of an experiment's result, in the order of reading. Nothing is written. */
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
