import {
  canonicalJson,
  InvalidArgumentError,
  jupyterDisplay,
  jupyterMetadata,
  type MimeData,
  requireNumber,
  sha256,
  visibleText,
  writeFileAtomic,
} from "../core";
import { compactData } from "./compact-data";
import { fitted } from "./fitted";
import { coloursOf, type Look, recoloured, recolouredSvg, withLook } from "./look";
import { fittedLegends } from "./own-legends";
import { lettered, panelsSpec } from "./panels";
import { scaleSvg, sizeOfSvg, svgOf, svgToPdfBytes, svgToPng, svgToSmallPng, withText, zoomForDpi } from "./render";
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
  /** Panels beside each other, each of the data whose `panel` it is. Default: one picture. */
  readonly panels?: readonly string[];
  /** What the paper's picture is multiplied by, text and lines with it. Default: 1. */
  readonly zoom?: number;
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

/**
 * One transparent pixel. Where a chart has no picture, JupyterLab makes one of it in the page and puts it into the
 * model, which draws the chart a second time. Only one of the two is finalized when the next chart comes; the other
 * stays in the page, held by its listener on the document.
 */
const emptyPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR4AWNgYAAAAAMAAYz4OToAAAAASUVORK5CYII=";

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
  private readonly zoom: number;
  private screenPng: string | undefined;
  private readonly drawnBefore: Partial<Record<Medium, Drawn>> = {};
  /** The padding that `atOnce` gave it. */
  private givenRoom: unknown;

  /**
   * @param data the values it draws, one object per datum
   * @param body what the kind of chart draws with them
   * @param finish what is added to the SVG document that vega-lite has no word for, such as hatches
   * @param look Default: that of all figures
   */
  constructor(
    data: readonly Datum[],
    private readonly options: FigureOptions,
    private readonly body: ChartBody,
    private readonly finish: (svg: string) => string = (svg) => svg,
    private readonly look: Look = {},
  ) {
    this.caption = visibleText(options.caption);
    this.data = lettered(visibleStrings(data), options.panels);
    this.widthPoints = widthInPoints(options.width ?? "column");
    this.heightPoints = heightInPoints(options);
    this.zoom = requireNumber("figure zoom", options.zoom ?? 1, { above: 0, max: 10 });
    for (const [side, points] of [
      ["width", this.widthPoints],
      ["height", this.heightPoints],
    ] as const)
      requireNumber(`figure ${side} in inches`, points / 72, { min: leastInches, max: 100 }); // axes grow a tick per inch
  }

  /** Its width on paper, in inches. */
  get widthInches(): number {
    return (this.widthPoints * this.zoom) / 72;
  }

  /** The same figure in another look. @throws InvalidArgumentError for a patch that points outside the figure */
  inLook(look: Look): Figure {
    requireSelfContained(look.patch ?? {}, "patch");
    return new Figure(this.data, this.options, this.body, this.finish, look);
  }

  /**
   * The vega-lite specification, complete with data and look.
   *
   * @throws InvalidArgumentError when it points outside itself
   */
  spec(medium: Medium = "screen"): VegaLiteSpec {
    const { spec } = this.drawn(medium);
    return recoloured(spec, coloursOf(spec, this.look));
  }

  /** The specification with room for all of it, and its picture. */
  private drawn(medium: Medium): Drawn {
    const before = this.drawnBefore[medium];
    if (before !== undefined) return before;
    const { spec, scene, picture } = fitted(this.plainSpec(medium), 2 * unitOf(medium));
    const colours = coloursOf(spec, this.look);
    const svg = withText(recolouredSvg(this.finish(svgOf(scene)), colours), this.caption); // hatches go by the first
    return (this.drawnBefore[medium] = { spec, picture, svg });
  }

  /** Everything that the figure shows and where, to be checked. */
  drawnPicture(medium: Medium = "paper"): DrawnPicture {
    return this.drawn(medium).picture;
  }

  /**
   * What a screen can be shown at once: the specification alone. It is not drawn here, which takes longer than all the
   * rest. So its room for labels is only as good as a guess: that of the figure in whose place it stands.
   *
   * @param before the figure that stood there. Default: no room beyond vega's own
   * @throws InvalidArgumentError when it points outside itself
   * @example
   * dotChart([{ group: "a", series: "IFRU", value: 1 }], { valueTitle: "score", caption: "One." }).atOnce();
   */
  atOnce(before?: Figure): MimeData {
    const room = (this.givenRoom ??= before?.screenRoom);
    const spec = this.drawnBefore.screen?.spec ?? {
      ...this.plainSpec("screen"),
      ...(room !== undefined && { padding: room }),
    };
    return {
      [vegaLiteMime]: recoloured(spec, coloursOf(spec, this.look)),
      "image/png": emptyPng,
      "text/plain": `[figure] ${this.caption}`,
    };
  }

  private get screenRoom(): unknown {
    return this.drawnBefore.screen?.spec["padding"] ?? this.givenRoom;
  }

  private plainSpec(medium: Medium): VegaLiteSpec {
    const u = unitOf(medium);
    const body = visibleStrings(this.body(medium));
    requireSelfContained(body);
    const size = { width: this.widthPoints * u, height: this.heightPoints * u };
    const { title, caption } = medium === "screen" ? this.captionAbove(body, u) : { title: {}, caption: 0 };
    const spec = {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      description: this.caption,
      width: size.width,
      height: size.height + caption,
      autosize: { type: "fit", contains: "padding" },
      data: { values: this.data },
      ...body,
      ...title,
      config: themeConfig(medium),
    };
    const drawn = this.options.panels === undefined ? spec : panelsSpec(spec, body, size, this.data, medium);
    return withLook(drawn, this.look);
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
    const { svg } = this.drawn(medium);
    if (this.options.panels === undefined && (this.zoom === 1 || medium === "screen")) return svg;
    return scaleSvg(svg, this.widthPoints * (medium === "screen" ? unitOf(medium) : this.zoom));
  }

  /** A PNG of the paper's figure. @param dpi pixels per inch. Default: 300 */
  toPng(dpi = 300): Buffer {
    return svgToPng(this.toSvg(), zoomForDpi(dpi));
  }

  /** A one-page PDF with embedded fonts, in the paper's size. */
  toPdf(): Promise<Buffer> {
    return svgToPdfBytes(this.toSvg(), this.caption);
  }

  /**
   * Writes one file.
   *
   * @param path ends in `.svg`, `.pdf` or `.png` (300 dpi)
   * @throws InvalidArgumentError for another ending
   */
  async save(path: string): Promise<void> {
    const make = { svg: () => this.toSvg(), pdf: () => this.toPdf(), png: () => this.toPng() };
    const format = /\.(svg|pdf|png)$/.exec(path)?.[1] as keyof typeof make | undefined;
    if (format === undefined)
      throw new InvalidArgumentError("this is no format of a figure", {
        where: path,
        remedy: "end the name in .svg, .pdf or .png; exportInteractiveHtml writes HTML",
      });
    await writeFileAtomic(path, await make[format]());
  }

  /** Hashes of what was drawn and of what it was drawn from. */
  hashes(): { readonly specSha256: string; readonly dataSha256: string } {
    const { data, ...spec } = this.spec("paper");
    const drawn = this.zoom === 1 ? spec : { ...spec, zoom: this.zoom };
    return { specSha256: sha256(canonicalJson(drawn)), dataSha256: sha256(canonicalJson(data)) };
  }

  [jupyterDisplay](): MimeData {
    this.screenPng ??= svgToSmallPng(this.toSvg("screen"), screenDensity).toString("base64");
    return {
      [vegaLiteMime]: compactData(this.spec("screen")),
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
 * @example
 * vegaLiteFigure({ mark: "point", encoding: { x: { field: "a", type: "quantitative" } } }, [{ a: 1 }], {
 *   caption: "One point.",
 * });
 */
export function vegaLiteFigure(spec: VegaLiteSpec, data: readonly Datum[], options: FigureOptions): Figure {
  const explained = fittedLegends(spec, data, widthInPoints(options.width ?? "column"));
  return new Figure(data, options, () => explained);
}
