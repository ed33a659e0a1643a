import { escapeHtml, InvalidArgumentError, jupyterDisplay, jupyterMetadata, type MimeData, visibleText } from "../core";
import type { Figure } from "./figure";
import { fontFamily } from "./fonts";
import { plotlyPicture } from "./plotly-picture";
import type { PlotlyTrace } from "./plotly-trace";
import { palette } from "./theme";

export interface PlotlyFigureOptions {
  readonly data: readonly PlotlyTrace[];
  /** Plotly's layout: axes, titles, camera. Its texts are the author's and may hold plotly's markup. */
  readonly layout?: Readonly<Record<string, unknown>>;
  /** What it shows, in a sentence. */
  readonly caption: string;
  /** What is seen without plotly. Default: drawn from the same data, for traces of type scatter, bar and scatter3d. */
  readonly picture?: Figure;
}

/** The MIME type of plotly's renderer. The library itself is never part of a notebook. */
const plotlyMime = "application/vnd.plotly.v1+json";

/** An interactive figure with a static picture of the same data. */
export class PlotlyFigure {
  readonly data: readonly PlotlyTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly caption: string;
  readonly picture: Figure;

  /** @throws InvalidArgumentError when no static picture is given and none can be drawn */
  constructor(options: PlotlyFigureOptions) {
    this.caption = visibleText(options.caption);
    this.data = options.data.map((trace) => plainValue(trace) as PlotlyTrace);
    this.layout = { ...defaultLayout, ...(plainLayout(options.layout ?? {}) as object) };
    this.picture = options.picture ?? plotlyPicture(options.data, options.layout ?? {}, this.caption);
  }

  /** What plotly draws. Plain JSON. */
  spec(): {
    readonly data: readonly PlotlyTrace[];
    readonly layout: Readonly<Record<string, unknown>>;
    readonly config: object;
  } {
    return { data: this.data, layout: this.layout, config: { responsive: true, displaylogo: false } };
  }

  [jupyterDisplay](): MimeData {
    const still = this.picture[jupyterDisplay]();
    return { [plotlyMime]: this.spec(), "image/png": still["image/png"], "text/plain": `[figure] ${this.caption}` };
  }

  [jupyterMetadata](): Readonly<Record<string, unknown>> {
    return this.picture[jupyterMetadata]();
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
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inner(part)]));
}
