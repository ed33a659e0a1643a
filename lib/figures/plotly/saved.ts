import { InvalidDataError, sha256, canonicalJson } from "../../core";
import { type ExportedFile, type FigureFormat, type MadeBy, withSidecar } from "../export";
import { PlotlyFigure, type PlotlyPictureOptions } from "./plotly-figure";
import type { PlotlyTrace } from "./trace";
import { plainTitle } from "./values";

/**
 * A plotly figure from a file: JSON with `data` and `layout`, as `figure.write_json()` of Python's plotly and
 * `JSON.stringify(figure.spec())` write it. Its texts may hold plotly's markup.
 *
 * @param where the file
 * @throws InvalidDataError for text that is no JSON, and for JSON that is no plotly figure
 * @example
 * const figure = savedPlotlyFigure(await readFile("figure.json", "utf8"), "figure.json");
 * await figure.save("figure.pdf");
 */
export function savedPlotlyFigure(text: string, where: string): PlotlyFigure {
  const { data, layout = {} } = parsed(text, where) as { data?: unknown; layout?: unknown };
  const isPart = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!Array.isArray(data) || !data.every(isPart) || !isPart(layout))
    throw new InvalidDataError("this is no plotly figure", {
      where,
      remedy: 'give an object with a list "data" of traces and an object "layout"',
    });
  const own = layout as Readonly<Record<string, unknown>>;
  const caption = captionOf(own["title"]) ?? where;
  return new PlotlyFigure({ data: data as PlotlyTrace[], layout: own, caption, markup: true });
}

function parsed(text: string, where: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch (cause) {
    throw new InvalidDataError(`this is no JSON: ${(cause as Error).message}`, {
      where,
      remedy: "save the figure again: figure.write_json(path) in Python, JSON.stringify(figure.spec()) here",
      cause,
    });
  }
}

/** The title in one line. */
function captionOf(title: unknown): string | undefined {
  try {
    return plainTitle(title, "the title")?.replaceAll("\n", " ");
  } catch {
    return undefined; // of raised or mathematical text: the file's name says what it is
  }
}

/**
 * A plotly figure's files, the sidecar last.
 *
 * @throws as `PlotlyFigure.save` does
 * @example
 * const figure = plotlyFigure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], caption: "Two points." });
 * const files = await plotlyFiles(figure, "points", { command: "my script" }, ["svg", "html"]);
 * await writeExports("figures/mine", files); // points.svg, points.html and points.json
 */
export async function plotlyFiles(
  figure: PlotlyFigure,
  name: string,
  how: MadeBy,
  formats: readonly FigureFormat[],
  options: PlotlyPictureOptions = {},
): Promise<ExportedFile[]> {
  const files: ExportedFile[] = [];
  for (const format of formats)
    files.push({ file: `${name}.${format}`, content: await figure.toFile(format, options) });
  const { data, layout } = figure.spec();
  const [specSha256, dataSha256] = [layout, data].map((part) => sha256(canonicalJson(part)));
  return withSidecar(name, files, { kind: "figure", caption: figure.caption, specSha256, dataSha256 }, how);
}
