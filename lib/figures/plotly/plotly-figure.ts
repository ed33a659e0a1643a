import {
  escapeHtml,
  InvalidArgumentError,
  jupyterDisplay,
  jupyterMetadata,
  type MimeData,
  visibleText,
  writeFileAtomic,
} from "../../core";
import type { FigureFormat } from "../export";
import type { Figure } from "../figure";
import { fontFamily } from "../fonts";
import { interactiveHtml } from "../interactive";
import { drawInBrowser } from "./browser";
import { plotlyPicture } from "./picture";
import type { PlotlySpec, PlotlyTrace } from "./trace";
import { palette } from "../theme";
import { NotDrawnError, plainTitle } from "./values";

export interface PlotlyFigureOptions {
  readonly data: readonly PlotlyTrace[];
  /** Plotly's layout: axes, titles, camera. Its texts are the author's and may hold plotly's markup. */
  readonly layout?: Readonly<Record<string, unknown>>;
  /** What it shows, in a sentence. */
  readonly caption: string;
  /**
   * Whether texts of traces are the author's, too, and may hold plotly's markup, as in a file that plotly wrote.
   * Default: false; they stand as they are.
   */
  readonly markup?: boolean;
  /**
   * What is seen without plotly. Default: drawn from the same data, where that can be done exactly; else a text names
   * what cannot be drawn.
   */
  readonly picture?: Figure;
}

/** How a plotly figure's still picture is made. */
export interface PlotlyPictureOptions {
  /**
   * Drawn by plotly.js itself, in a browser of this machine (see `drawInBrowser`). Default: false; drawn from the same
   * data without a browser, the same on every machine.
   */
  readonly browser?: boolean;
  /** Of a PNG that is drawn without a browser. Default: 300. */
  readonly dpi?: number;
}

/** The MIME type of plotly's renderer. The library itself is never part of a notebook. */
const plotlyMime = "application/vnd.plotly.v1+json";

/** An interactive figure with a static picture of the same data. */
export class PlotlyFigure {
  readonly data: readonly PlotlyTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly caption: string;
  /** What is seen without plotly; `undefined` where only plotly can draw it. */
  readonly picture: Figure | undefined;
  /** Why there is no static picture, naming the trace, its type and the option. */
  readonly notDrawn: string | undefined;

  /** @throws InvalidArgumentError for data that are not plain */
  constructor(options: PlotlyFigureOptions) {
    this.caption = visibleText(options.caption);
    const plainTrace = options.markup === true ? plainLayout : plainValue;
    this.data = options.data.map((trace) => plainTrace(trace) as PlotlyTrace);
    this.layout = { ...defaultsOf(options), ...(plainLayout(options.layout ?? {}) as object) };
    const { picture, notDrawn } = still(options, this.caption);
    this.picture = picture;
    this.notDrawn = notDrawn;
  }

  /** What plotly draws. Plain JSON. */
  spec(): PlotlySpec {
    return { data: this.data, layout: this.layout, config: { responsive: true, displaylogo: false } };
  }

  /** An SVG document of the static picture. @throws NotDrawnError where only plotly can draw it */
  toSvg(): string {
    return this.requirePicture().toSvg();
  }

  /** A PNG of the static picture. @param dpi pixels per inch. @throws NotDrawnError where only plotly can draw it */
  toPng(dpi = 300): Buffer {
    return this.requirePicture().toPng(dpi);
  }

  /** A PDF of the static picture. @throws NotDrawnError where only plotly can draw it */
  toPdf(): Promise<Buffer> {
    return this.requirePicture().toPdf();
  }

  /**
   * Writes one file.
   *
   * @param path ends in `.svg`, `.pdf`, `.png` or, interactive, `.html`
   * @throws InvalidArgumentError for another ending
   * @throws NotDrawnError where only plotly can draw it and it is not asked to
   * @throws NotFoundError where a browser is asked for and there is none
   */
  async save(path: string, options: PlotlyPictureOptions = {}): Promise<void> {
    const format = /\.(svg|pdf|png|html)$/.exec(path)?.[1] as FigureFormat | undefined;
    if (format === undefined)
      throw new InvalidArgumentError("this is no format of a plotly figure", {
        where: path,
        remedy: "end the name in .svg, .pdf, .png or .html",
      });
    await writeFileAtomic(path, await this.toFile(format, options));
  }

  /** What a file of a format holds. @throws as `save` does */
  async toFile(format: FigureFormat, { browser = false, dpi }: PlotlyPictureOptions = {}): Promise<Buffer> {
    if (format === "html") return Buffer.from(interactiveHtml(this));
    if (browser) return drawInBrowser(this, format);
    const picture = this.requirePicture();
    const make = { svg: () => picture.toSvg(), pdf: () => picture.toPdf(), png: () => picture.toPng(dpi) };
    return Buffer.from(await make[format]());
  }

  private requirePicture(): Figure {
    if (this.picture === undefined) throw new NotDrawnError(this.notDrawn ?? "");
    return this.picture;
  }

  [jupyterDisplay](): MimeData {
    if (this.picture === undefined)
      return {
        [plotlyMime]: this.spec(),
        "text/plain": `[figure] ${this.caption}\nNo still picture: ${this.notDrawn}.`,
      };
    const still = this.picture[jupyterDisplay]();
    return { [plotlyMime]: this.spec(), "image/png": still["image/png"], "text/plain": `[figure] ${this.caption}` };
  }

  [jupyterMetadata](): Readonly<Record<string, unknown>> {
    return this.picture?.[jupyterMetadata]() ?? {};
  }
}

/** The picture of a figure, or why there is none. */
function still(options: PlotlyFigureOptions, caption: string) {
  const { data, layout = {}, picture, markup = false } = options;
  if (picture !== undefined) return { picture, notDrawn: undefined };
  try {
    const traces = markup ? data.map((trace, i) => withoutMarkup(trace, `trace ${i + 1}`) as PlotlyTrace) : data;
    return { picture: plotlyPicture(traces, { ...defaultsOf(options), ...layout }, caption), notDrawn: undefined };
  } catch (error) {
    if (!(error instanceof NotDrawnError)) throw error;
    return { picture: undefined, notDrawn: error.reason };
  }
}

/** A layout with a template has all of its looks there. */
function defaultsOf({ layout = {} }: PlotlyFigureOptions): object {
  return layout["template"] === undefined ? defaultLayout : {};
}

/** A trace whose texts are as they are read. @throws NotDrawnError for markup that changes the meaning */
function withoutMarkup(value: unknown, where: string): unknown {
  if (typeof value === "string") return /[<&$]/.test(value) ? (plainTitle(value, where) ?? "") : value;
  return plain(value, (part) => withoutMarkup(part, where));
}

/**
 * Makes an interactive figure.
 *
 * @example
 * plotlyFigure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], caption: "Two points." });
 */
export function plotlyFigure(options: PlotlyFigureOptions): PlotlyFigure {
  return new PlotlyFigure(options);
}

const defaultLayout = {
  font: { family: `${fontFamily}, sans-serif`, size: 13 },
  colorway: palette,
  paper_bgcolor: "white",
  plot_bgcolor: "white",
  margin: { l: 60, r: 20, t: 30, b: 50 },
};

/**
 * A trace as JSON: typed arrays as arrays, numbers that are not finite as gaps, and every text escaped, since plotly
 * reads markup in names, labels and hover texts.
 */
function plainValue(value: unknown): unknown {
  if (typeof value === "string") return escapeHtml(value);
  return plain(value, plainValue);
}

function plainLayout(value: unknown): unknown {
  return plain(value, plainLayout);
}

function plain(value: unknown, inner: (value: unknown) => unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(inner);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, inner);
  if (typeof value === "function" || typeof value === "bigint" || typeof value === "symbol")
    throw new InvalidArgumentError(`a plotly figure cannot hold a ${typeof value}`, { remedy: "give plain data" });
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString().slice(0, -1);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
}
