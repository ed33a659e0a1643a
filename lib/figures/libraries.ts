/* eslint-disable @typescript-eslint/no-require-imports -- loaded at the first picture, not with lib: together they take half a second */
import { dirname, join } from "node:path";
import type * as Resvg from "@resvg/resvg-js";
import type * as Fflate from "fflate";
import type PDFDocument from "pdfkit";
import type * as Vega from "vega";
import type * as VegaLite from "vega-lite";
import type { Fontkit } from "./font-face";

export const vega = (): typeof Vega => require("vega") as typeof Vega;
export const vegaLite = (): typeof VegaLite => require("vega-lite") as typeof VegaLite;
export const resvg = (): typeof Resvg => require("@resvg/resvg-js") as typeof Resvg;
export const fflate = (): typeof Fflate => require("fflate") as typeof Fflate;
export const fontkit = (): Fontkit => require("fontkit") as Fontkit;
export const bidi = (): Bidi => (require("bidi-js") as () => Bidi)();
export const pdfkit = (): typeof PDFDocument => require("pdfkit") as typeof PDFDocument;
export const svgToPdf = (): SvgToPdf => require("svg-to-pdfkit") as SvgToPdf;

/** The file that defines `vega` in a browser. */
export const vegaForBrowsers = (): string => join(dirname(require.resolve("vega/package.json")), "build/vega.min.js");

let foundFonts: string | undefined;

/** The folder of the DejaVu fonts. Kept: to look for a package takes longer than to measure a word with its font. */
export const fontFolder = (): string =>
  (foundFonts ??= join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf"));

/** What we use of bidi-js, which comes without types: Unicode's bidirectional algorithm. */
export interface Bidi {
  getEmbeddingLevels(text: string, base?: "ltr" | "rtl"): { readonly levels: Uint8Array };
  getMirroredCharacter(character: string): string | null;
}

/** svg-to-pdfkit's one function, which comes without types: draws an SVG into a document. */
export type SvgToPdf = (
  document: InstanceType<typeof PDFDocument>,
  svg: string,
  x: number,
  y: number,
  options: {
    /** One SVG unit is one point. */
    assumePt: boolean;
    fontCallback: (family: string, bold: boolean, italic: boolean) => string;
    warningCallback: (warning: string) => void;
  },
) => void;
