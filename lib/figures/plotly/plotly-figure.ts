import {
  escapeHtml,
  InvalidArgumentError,
  jupyterDisplay,
  jupyterMetadata,
  type MimeData,
  visibleText,
} from "../../core";
import type { Figure } from "../figure";
import { fontFamily } from "../fonts";
import { plotlyPicture } from "./picture";
import type { PlotlyTrace } from "./trace";
import { palette } from "../theme";
import { NotDrawnError } from "./values";

export interface PlotlyFigureOptions {
  readonly data: readonly PlotlyTrace[];
  /** Plotly's layout: axes, titles, camera. Its texts are the author's and may hold plotly's markup. */
  readonly layout?: Readonly<Record<string, unknown>>;
  /** What it shows, in a sentence. */
  readonly caption: string;
  /**
   * What is seen without plotly. Default: drawn from the same data, where that can be done exactly; else a text names
   * what cannot be drawn.
   */
  readonly picture?: Figure;
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
    this.data = options.data.map((trace) => plainValue(trace) as PlotlyTrace);
    this.layout = { ...defaultLayout, ...(plainLayout(options.layout ?? {}) as object) };
    const { picture, notDrawn } = still(options, this.caption);
    this.picture = picture;
    this.notDrawn = notDrawn;
  }

  /** What plotly draws. Plain JSON. */
  spec(): {
    readonly data: readonly PlotlyTrace[];
    readonly layout: Readonly<Record<string, unknown>>;
    readonly config: object;
  } {
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
function still({ data, layout = {}, picture }: PlotlyFigureOptions, caption: string) {
  if (picture !== undefined) return { picture, notDrawn: undefined };
  try {
    return { picture: plotlyPicture(data, { ...defaultLayout, ...layout }, caption), notDrawn: undefined };
  } catch (error) {
    if (!(error instanceof NotDrawnError)) throw error;
    return { picture: undefined, notDrawn: error.reason };
  }
}

/** Makes an interactive figure. */
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
