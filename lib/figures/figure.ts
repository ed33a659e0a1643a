import {
  canonicalJson,
  jupyterDisplay,
  jupyterMetadata,
  type MimeData,
  requireNumber,
  sha256,
  visibleText,
} from "../core";
import { fitted } from "./fitted";
import { fittedLegends } from "./own-legends";
import { sizeOfSvg, svgOf, svgToPdfBytes, svgToPng, withText, zoomForDpi } from "./render";
import type { DrawnPicture } from "./scene-items";
import { type Datum, requireSelfContained, type VegaLiteSpec, visibleStrings, wrap } from "./spec";
import { type columnInches, type Medium, themeConfig, unitOf, widthInPoints } from "./theme";

/** What every chart can be told. */
export interface FigureOptions {
  /** What it shows, in a sentence; the text of screen readers and of viewers without pictures. */
  readonly caption: string;
  /** `"column"` (3.3 in), `"page"` (6.9 in) or inches. Default: `"column"`. */
  readonly width?: keyof typeof columnInches | number;
  /** Inches. Default: 0.62 of the width, at most 2.6. */
  readonly height?: number;
}

/** How high a figure is on paper. */
export function heightInPoints({ width, height }: Pick<FigureOptions, "width" | "height">): number {
  return height === undefined ? Math.min(0.62 * widthInPoints(width ?? "column"), 2.6 * 72) : 72 * height;
}

/** What a kind of chart adds to `Figure`'s frame: its marks and encodings, for one medium. */
export type ChartBody = (medium: Medium) => VegaLiteSpec;

/** The MIME type of JupyterLab's renderer for vega-lite 5. */
const vegaLiteMime = "application/vnd.vegalite.v5+json";

/** Less than this has no room for an axis and a mark. */
const leastInches = 0.4;

/** Pixels of a notebook's picture per pixel it takes on the screen. */
const screenDensity = 2;

interface Drawn {
  readonly spec: VegaLiteSpec;
  readonly svg: string;
  readonly picture: DrawnPicture;
}

/** One chart, for the screen and for the paper. A value: its data as given, drawn the same every time. */
export class Figure {
  readonly caption: string;
  readonly data: readonly Datum[];
  private readonly widthPoints: number;
  private readonly heightPoints: number;
  private screenPng: string | undefined;
  private readonly drawnBefore: Partial<Record<Medium, Drawn>> = {};

  /**
   * @param data the values it draws, one object per datum
   * @param body what the kind of chart draws with them
   * @param finish what is added to the SVG document that vega-lite has no word for, such as hatches
   */
  constructor(
    data: readonly Datum[],
    options: FigureOptions,
    private readonly body: ChartBody,
    private readonly finish: (svg: string) => string = (svg) => svg,
  ) {
    this.caption = visibleText(options.caption);
    this.data = visibleStrings(data);
    this.widthPoints = widthInPoints(options.width ?? "column");
    this.heightPoints = heightInPoints(options);
    for (const [side, points] of [
      ["width", this.widthPoints],
      ["height", this.heightPoints],
    ] as const)
      requireNumber(`figure ${side} in inches`, points / 72, { min: leastInches, max: 100 }); // axes grow a tick per inch
  }

  /**
   * The vega-lite specification, complete with data and look.
   *
   * @throws InvalidArgumentError when it points outside itself
   */
  spec(medium: Medium = "screen"): VegaLiteSpec {
    return this.drawn(medium).spec;
  }

  /** The specification with room for all of it, and its picture. */
  private drawn(medium: Medium): Drawn {
    const before = this.drawnBefore[medium];
    if (before !== undefined) return before;
    const { spec, scene, picture } = fitted(this.plainSpec(medium), 2 * unitOf(medium));
    return (this.drawnBefore[medium] = { spec, picture, svg: withText(this.finish(svgOf(scene)), this.caption) });
  }

  /** Everything that the figure shows and where, to be checked. */
  drawnPicture(medium: Medium = "paper"): DrawnPicture {
    return this.drawn(medium).picture;
  }

  private plainSpec(medium: Medium): VegaLiteSpec {
    const u = unitOf(medium);
    const body = visibleStrings(this.body(medium));
    requireSelfContained(body);
    const { title, caption } = medium === "screen" ? this.captionAbove(body, u) : { title: {}, caption: 0 };
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      description: this.caption,
      width: this.widthPoints * u,
      height: this.heightPoints * u + caption,
      autosize: { type: "fit", contains: "padding" },
      data: { values: this.data },
      ...body,
      ...title,
      config: themeConfig(medium),
    };
  }

  /** On a screen a figure's caption stands above it, on as many lines as it takes; a paper has its own. */
  private captionAbove(body: VegaLiteSpec, u: number): { readonly title: VegaLiteSpec; readonly caption: number } {
    const lines = wrap(this.caption, this.widthPoints - 8);
    const own = (body["title"] ?? {}) as { readonly text?: unknown };
    const subtitle = own.text === undefined ? {} : { subtitle: own.text };
    const title = { text: lines, ...subtitle, anchor: "start", frame: "bounds", offset: 5 * u };
    return { title: { title }, caption: lines.length * (8 * u + 2) + 5 * u };
  }

  /** An SVG document; on paper one unit is a point. Text is text, in the font DejaVu Sans. */
  toSvg(medium: Medium = "paper"): string {
    return this.drawn(medium).svg;
  }

  /** A PNG of the paper's figure. @param dpi pixels per inch. Default: 300 */
  toPng(dpi = 300): Buffer {
    return svgToPng(this.toSvg(), zoomForDpi(dpi));
  }

  /** A one-page PDF with embedded fonts, in the paper's size. */
  toPdf(): Promise<Buffer> {
    return svgToPdfBytes(this.toSvg(), this.caption);
  }

  /** Hashes of what was drawn and of what it was drawn from. */
  hashes(): { readonly specSha256: string; readonly dataSha256: string } {
    const { data, ...spec } = this.spec("paper");
    return { specSha256: sha256(canonicalJson(spec)), dataSha256: sha256(canonicalJson(data)) };
  }

  [jupyterDisplay](): MimeData {
    this.screenPng ??= svgToPng(this.toSvg("screen"), screenDensity).toString("base64");
    return {
      [vegaLiteMime]: this.spec("screen"),
      "image/png": this.screenPng,
      "text/plain": `[figure] ${this.caption}`,
    };
  }

  [jupyterMetadata](): Readonly<Record<string, unknown>> {
    const { width, height } = sizeOfSvg(this.toSvg("screen"));
    return { "image/png": { width: Math.round(width), height: Math.round(height), alt: this.caption } };
  }
}

/**
 * A figure of one's own: any single or layered vega-lite 5 chart, in the look of the others.
 *
 * @param spec without data, size and config
 * @param data the values it draws
 */
export function vegaLiteFigure(spec: VegaLiteSpec, data: readonly Datum[], options: FigureOptions): Figure {
  const explained = fittedLegends(spec, data, widthInPoints(options.width ?? "column"));
  return new Figure(data, options, () => explained);
}
