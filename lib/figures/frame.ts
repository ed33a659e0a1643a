import { InvalidArgumentError } from "../core";
import { texPointsPerInch, type Venue } from "./venues";

/** The room a figure has in a paper: what every chart of a view is given. */
export interface Frame {
  /** Inches, as if its text had 8 points. Default: as each chart asks for. */
  readonly width?: number;
  /** What the picture is multiplied by, so that its text has the venue's size. Default: 1. */
  readonly zoom?: number;
}

/** How wide a figure is to be: a column, the text, or inches. */
export type PaperWidth = "column" | "text" | number;

/** Points of a figure's text where nothing is said. */
const designPoints = 8;

/** Points (1/72 inch) in one of TeX's. */
const bigPoint = 72 / texPointsPerInch;

/**
 * The frame of a venue's figures: the width to the last digit, text of 8 points or the size of a caption where that is
 * smaller, and never below the venue's smallest.
 *
 * @param width Default: the chart's own choice of column or text where there is a venue of two columns; a column else
 * @throws InvalidArgumentError for a column or the text of no venue
 * @example
 * const frame = frameOf(venueOf("ieee"), "column"); // 3.5 inches wide, as if its text had 8 points
 * const titles = { xTitle: "epoch", yTitle: "loss", caption: "As wide as a column." };
 * lineChart([{ series: "MF", x: 1, y: 0.6 }, { series: "MF", x: 2, y: 0.5 }], { ...titles, ...frame });
 */
export function frameOf(venue: Venue | undefined, width: PaperWidth | undefined): Frame {
  const text = venue === undefined ? designPoints : textPoints(venue);
  const zoom = (text / designPoints) * (venue === undefined ? 1 : bigPoint);
  const inches = inchesOf(venue, width);
  return { ...(inches === undefined ? {} : { width: inches / zoom }), ...(zoom === 1 ? {} : { zoom }) };
}

/**
 * TeX points of a figure's text.
 *
 * @example
 * textPoints(venueOf("ieee")); // 8
 */
export function textPoints({ captionPt, smallestPt }: Venue): number {
  return Math.max(smallestPt, Math.min(captionPt, designPoints));
}

function inchesOf(venue: Venue | undefined, width: PaperWidth | undefined): number | undefined {
  if (typeof width === "number") return width;
  if (venue === undefined) {
    if (width === undefined) return undefined;
    throw new InvalidArgumentError(`the width "${width}" is that of a venue, and none is given`, {
      where: "width",
      remedy: "name a venue, such as --venue acm-sigconf, or give inches, such as --width 3.3in",
    });
  }
  return (width === "text" ? venue.textPt : venue.columnPt) / texPointsPerInch;
}
