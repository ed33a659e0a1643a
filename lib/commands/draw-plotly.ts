import { basename, relative, resolve } from "node:path";
import { commandLine, InvalidArgumentError } from "../core";
import { type FigureFormat, plotlyFiles, savedPlotlyFigure, writeExports } from "../figures";

/** How saved plotly figures are drawn. */
export interface PlotlyDrawOptions {
  readonly outputDir: string;
  /** Default: all of svg, pdf, png and html. */
  readonly format?: readonly string[];
  /** Of PNGs that are drawn without a browser. Default: 300. */
  readonly dpi?: number;
  /** By plotly.js itself, in an installed browser. */
  readonly browser: boolean;
}

const formats: readonly FigureFormat[] = ["svg", "pdf", "png", "html"];

/** Whether a name on the command line is a plotly figure's file. */
export const isPlotlyFile = (name: string) => name.toLowerCase().endsWith(".json");

/**
 * Draws plotly figures that were saved as JSON, each with a sidecar, and prints where.
 *
 * @param read the text of a file
 * @throws InvalidArgumentError for two files of one name, and for a format of tables
 * @throws NotFoundError for a file that is not there, and where a browser is asked for and there is none
 * @throws InvalidDataError for a file that is no plotly figure
 * @throws NotDrawnError for a figure that only plotly draws, where no browser is asked for
 */
export async function drawPlotlyFiles(
  paths: readonly string[],
  { outputDir, format = formats, dpi, browser }: PlotlyDrawOptions,
  read: (path: string) => Promise<string>,
): Promise<void> {
  const asked = formats.filter((one) => format.includes(one));
  if (asked.length < format.length)
    throw new InvalidArgumentError("a plotly figure has other formats", {
      where: "--format",
      remedy: `give some of ${formats.join(", ")}`,
    });
  const names = paths.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new InvalidArgumentError(`two files would be drawn as ${twice}`, { remedy: "draw one of them elsewhere" });
  for (const [i, path] of paths.entries()) {
    const figure = savedPlotlyFigure(await read(path), path);
    const how = {
      command: `${commandLine("figures")} ${basename(path)}${browser ? " --browser" : ""}`,
      options: { browser, ...(dpi === undefined ? {} : { dpi }) },
    };
    const files = await plotlyFiles(figure, names[i], how, asked, { browser, ...(dpi === undefined ? {} : { dpi }) });
    const [first] = await writeExports(resolve(outputDir), files);
    console.log(`${relative(process.cwd(), first).replace(/\.\w+$/, "")}: ${files.length} files`);
  }
}

/** Of its files: what a file is called, in the letters of file names. */
function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.json$/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+|-$/g, "");
  return name === "" ? "figure" : name;
}
