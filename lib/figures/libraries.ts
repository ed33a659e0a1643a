import { createRequire } from "node:module";
import type * as Resvg from "@resvg/resvg-js";
import type PDFDocument from "pdfkit";
import type * as Vega from "vega";
import type * as VegaLite from "vega-lite";

// Loaded at the first picture, not with lib: together they take half a second.
const load = createRequire(__filename);

export const vega = (): typeof Vega => load("vega") as typeof Vega;
export const vegaLite = (): typeof VegaLite => load("vega-lite") as typeof VegaLite;
export const resvg = (): typeof Resvg => load("@resvg/resvg-js") as typeof Resvg;
export const fontkit = (): Fontkit => load("fontkit") as Fontkit;
export const pdfkit = (): typeof PDFDocument => load("pdfkit") as typeof PDFDocument;
export const svgToPdf = (): SvgToPdf => load("svg-to-pdfkit") as SvgToPdf;

/** Where a file of an installed package lies. */
export const fileOfPackage = (path: string): string => load.resolve(path);

/** What we use of fontkit, which comes without types. */
export interface Fontkit {
  openSync(path: string): {
    readonly unitsPerEm: number;
    /** `advanceWidth` is in units of `unitsPerEm` per font size. */
    glyphForCodePoint(codePoint: number): { readonly advanceWidth: number };
  };
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
