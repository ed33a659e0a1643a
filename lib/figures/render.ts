import type { RenderedImage } from "@resvg/resvg-js";
import type { Loader, Spec } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { announce, escapeHtml, InvalidArgumentError } from "../core";
import { allOwnFonts, fontFamily, fontFile, fontFiles, ownFontNamed, textWidth } from "./fonts";
import { pdfkit, resvg, svgToPdf, vega, vegaLite } from "./libraries";
import { smallPng } from "./small-png";
import type { VegaLiteSpec } from "./spec";
import { svgForPdf, svgForPng } from "./text-runs";

const pointsPerInch = 72;

/** A loader that loads nothing: whatever a specification or its data name, no file is read and no address is asked. */
function refusingLoader(): Loader {
  const refuse = (uri: unknown) =>
    Promise.reject(
      new InvalidArgumentError(`a figure may not load ${JSON.stringify(uri)}`, { remedy: "give the values" }),
    );
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

/** A logger that keeps errors, for the caller to throw, and says warnings once. */
function keepingLogger(errors: unknown[]) {
  const logger = {
    level: () => logger,
    error: (...problem: unknown[]) => (errors.push(...problem), logger),
    warn: (...problem: unknown[]) => (announce(`figure: ${problem.join(" ")}`), logger),
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

let measuresText = false;

/** Gives vega the true widths of our font; without a canvas it guesses, and cuts labels or leaves gaps. */
function measureText(): void {
  if (measuresText) return;
  measuresText = true;
  interface TextItem {
    readonly font?: string;
    readonly fontSize?: number;
    readonly fontWeight?: string | number;
    readonly limit?: number;
  }
  const metrics = (vega() as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } })
    .textMetrics;
  const guess = metrics.width;
  metrics.width = (item, text) => {
    const main = ownFontNamed(item.font);
    if (main === undefined && item.font !== fontFamily) return guess(item, text);
    const isBold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
    return textWidth(String(text ?? ""), item.fontSize ?? 11, isBold, main);
  };
}

/** What vega's view keeps for its renderers; there is no public way to draw without waiting. */
interface DrawableView {
  readonly _viewWidth: number;
  readonly _viewHeight: number;
  readonly _origin: readonly [number, number];
}

interface SvgStringRenderer {
  initialize(
    element: null,
    width: number,
    height: number,
    origin: readonly [number, number],
    scale: number,
  ): SvgStringRenderer;
  background(colour: unknown): SvgStringRenderer;
  render(scene: unknown): SvgStringRenderer;
  svg(): string;
}

/**
 * Draws a vega-lite specification, without a browser and without waiting (so that a notebook's last expression can show
 * itself).
 *
 * @returns an SVG document, the same bytes every time
 * @throws InvalidArgumentError when vega cannot draw it
 */
export function drawSvg(spec: VegaLiteSpec): string {
  return svgOf(drawScene(spec));
}

/** Writes a scene. @throws InvalidArgumentError when it would load something */
export function svgOf({ width, height, origin, background, root }: Scene): string {
  const { resetSVGDefIds, SVGStringRenderer } = vega() as ReturnType<typeof vega> & {
    resetSVGDefIds(): void;
    SVGStringRenderer: new (loader: unknown) => SvgStringRenderer;
  };
  resetSVGDefIds(); // clip paths are numbered across all pictures otherwise
  const svg = new SVGStringRenderer(refusingLoader())
    .initialize(null, width, height, origin, 1)
    .background(background)
    .render(root)
    .svg();
  return requireNothingLoaded(svg);
}

/** Data can name a colour, and a colour can be an address: a picture refers to nothing but its own parts. */
function requireNothingLoaded(svg: string): string {
  if (!/<image\b|<[a-z][^<>]*\s(?:fill|stroke|clip-path|mask|filter|style)="[^"]*url\((?!#)/i.test(svg)) return svg;
  throw new InvalidArgumentError("the data would make the picture load a file", {
    remedy: "give colours by name or as #rrggbb; images are left out",
  });
}

/** A vega-lite specification as vega's own. @param logger of vega-lite. Default: announces warnings, drops errors */
export function compileSpec(spec: VegaLiteSpec, logger = keepingLogger([])): Spec {
  const copy = structuredClone(spec) as unknown as TopLevelSpec; // vega marks the data it draws
  return vegaLite().compile(copy, { logger: logger as never }).spec;
}

/** A picture before it is written: its size, where its plot begins, and vega's tree of groups, marks and items. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly origin: readonly [number, number];
  readonly background: unknown;
  readonly root: unknown;
}

/** What `drawSvg` draws, as vega's scene. @throws InvalidArgumentError when vega cannot draw it */
export function drawScene(spec: VegaLiteSpec): Scene {
  measureText();
  const errors: unknown[] = [];
  try {
    const scene = sceneWith(keepingLogger(errors), spec);
    if (errors.length === 0) return scene;
  } catch (error) {
    errors.push(error);
  }
  const problem = errors[0] instanceof Error ? errors[0].message : String(errors[0]);
  throw new InvalidArgumentError(`vega cannot draw this figure: ${problem}`, { cause: errors[0] });
}

function sceneWith(logger: ReturnType<typeof keepingLogger>, spec: VegaLiteSpec): Scene {
  const { parse, View } = vega();
  const compiled = compileSpec(spec, logger);
  const view = new View(parse(compiled), { renderer: "none", loader: refusingLoader(), logger: logger as never }).run();
  const { _viewWidth, _viewHeight, _origin } = view as unknown as DrawableView;
  const { left, right, top, bottom } = view.padding() as { left: number; right: number; top: number; bottom: number };
  const scene = {
    ...{ width: _viewWidth + left + right, height: _viewHeight + top + bottom },
    origin: [_origin[0] + left, _origin[1] + top] as const,
    background: view.background(),
    root: (view.scenegraph() as unknown as { root: unknown }).root,
  };
  view.finalize();
  return scene;
}

/** An SVG document that says what it shows to those who do not see it. */
export function withText(svg: string, text: string): string {
  const spoken = escapeHtml(text);
  return svg.replace(/<svg([^>]*)>/, `<svg$1 role="img" aria-label="${spoken}"><title>${spoken}</title>`);
}

/** What a picture may hold: 400 MB in memory. Beyond some size the renderer ends the whole process. */
const mostPixels = 1e8;

/**
 * A picture of an SVG document.
 *
 * @param zoom pixels per unit of the SVG
 * @throws InvalidArgumentError when it would have more than 1e8 pixels, or none
 * @example
 * const png = svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>', 2); // twice the size
 */
export function svgToPng(svg: string, zoom: number): Buffer {
  return renderedSvg(svg, zoom).asPng();
}

/** The same picture in fewer bytes. @throws as `svgToPng` does */
export function svgToSmallPng(svg: string, zoom: number): Buffer {
  return smallPng(renderedSvg(svg, zoom));
}

function renderedSvg(svg: string, zoom: number): RenderedImage {
  const { width, height } = sizeOfSvg(svg);
  const pixels = width * zoom * (height * zoom);
  if (!(zoom > 0 && pixels <= mostPixels))
    throw new InvalidArgumentError(`the picture would have ${pixels} pixels at ${zoom} a unit`, {
      where: "figure",
      remedy: `give a positive dpi, width and height that make at most ${mostPixels}`,
    });
  const font = { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: fontFamily };
  const { Resvg } = resvg();
  return new Resvg(svgForPng(svg), { fitTo: { mode: "zoom", value: zoom }, font }).render();
}

/** Width and height of an SVG document of ours, in its units. */
export function sizeOfSvg(svg: string): { width: number; height: number } {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** An SVG document of ours drawn as wide as asked for, everything in it with it. @param width in units */
export function scaleSvg(svg: string, width: number): string {
  const size = sizeOfSvg(svg);
  const exact = (value: number) => String(Number(value.toFixed(4)));
  const height = (size.height * width) / size.width;
  return svg.replace(
    /(<svg[^>]*) width="[\d.]+" height="[\d.]+"/,
    `$1 width="${exact(width)}" height="${exact(height)}"`,
  );
}

/**
 * A one-page PDF of an SVG document, one unit a point, with the fonts it uses embedded; no date in it.
 *
 * @param text what it shows, for those who do not see it
 */
export function svgToPdfBytes(svg: string, text = ""): Promise<Buffer> {
  const { width, height } = sizeOfSvg(svg);
  const PDFDocument = pdfkit();
  const epoch = new Date(0);
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    lang: "en",
    tagged: true,
    info: {
      ...{ CreationDate: epoch, ModDate: epoch, Producer: "recsys-unlearning", Creator: "recsys-unlearning" },
      ...(text !== "" && { Title: text }),
    },
  });
  const chunks: Buffer[] = [];
  document.on("data", (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
  const own = allOwnFonts();
  for (const { family, path, face, isCollection } of own)
    document.registerFont(family, path, isCollection ? face.postscriptName : undefined);
  const draw = () =>
    svgToPdf()(document, svgForPdf(svg), 0, 0, {
      assumePt: true,
      fontCallback: (family, bold, italic) =>
        own.some((font) => font.family === family) ? family : fontFile(bold, italic),
      warningCallback: (warning) => announce(`figure: ${warning}`),
    });
  document.addStructure(document.struct("Figure", { alt: text }, draw));
  document.end();
  return done;
}

/** Units of the paper's picture per inch. */
export function zoomForDpi(dpi: number): number {
  return dpi / pointsPerInch;
}
