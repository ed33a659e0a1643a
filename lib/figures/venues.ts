import { z } from "zod";
import { didYouMean, InvalidArgumentError, parsedBy } from "../core";

/** Where a paper is printed, as figures and tables see it. Lengths are TeX points: 1/72.27 of an inch. */
export interface Venue {
  readonly name: string;
  /** Width of a column; of the text where there is one column. */
  readonly columnPt: number;
  readonly textPt: number;
  /** Height of the text. */
  readonly heightPt: number;
  /** Size of the body's type. */
  readonly bodyPt: number;
  /** Size of a caption's type. */
  readonly captionPt: number;
  /** The smallest type in figures and tables. */
  readonly smallestPt: number;
  /** Of the body: Computer Modern (`serif`), Times, Libertine or Helvetica (`sans`). */
  readonly family: "serif" | "times" | "libertine" | "sans";
  /** Where the numbers come from. */
  readonly source: string;
}

/**
 * The venues that have a name. The lengths and sizes were printed by a small document in each class or style:
 * `\the\columnwidth`, `\the\textwidth`, `\the\textheight`, and `\f@size` in the text and in a caption. `source` says
 * which file that was. No class states a smallest type for figures: it is the class's `\scriptsize`, or the next larger
 * step where that is below 7 points. `tmlr` alone was read in its style and not compiled.
 */
const known = {
  "acm-sigconf": {
    ...{ columnPt: 241.14749, textPt: 506.295, heightPt: 626, bodyPt: 9, captionPt: 9, smallestPt: 7 },
    ...{ family: "libertine", source: "acmart.cls 2022/10/24 v1.88, option sigconf (TeX Live 2022)" },
  },
  "acm-small": {
    ...{ columnPt: 395.8225, textPt: 395.8225, heightPt: 574, bodyPt: 10, captionPt: 9, smallestPt: 7 },
    ...{ family: "libertine", source: "acmart.cls 2022/10/24 v1.88, option acmsmall (TeX Live 2022)" },
  },
  ieee: {
    ...{ columnPt: 252, textPt: 516, heightPt: 672, bodyPt: 10, captionPt: 8, smallestPt: 7 },
    ...{ family: "times", source: "IEEEtran.cls 2015/08/26 V1.8b, option conference (TeX Live 2022)" },
  },
  neurips: {
    ...{ columnPt: 397.48499, textPt: 397.48499, heightPt: 650.43, bodyPt: 10, captionPt: 10, smallestPt: 7 },
    ...{ family: "times", source: "neurips_2024.sty 2024/03/31, as github.com/vfleaking/M3L-latex-template has it" },
  },
  icml: {
    ...{ columnPt: 234.8775, textPt: 487.8225, heightPt: 650.43, bodyPt: 10, captionPt: 9, smallestPt: 7 },
    ...{
      family: "times",
      source:
        "icml2024.sty 2023/11/23 v2.0, as github.com/BestAnHongjun/Physics-in-Next-token-Prediction has it at 54d5e23",
    },
  },
  iclr: {
    ...{ columnPt: 397.48499, textPt: 397.48499, heightPt: 650.43, bodyPt: 10, captionPt: 10, smallestPt: 7 },
    ...{ family: "times", source: "iclr2026_conference.sty, github.com/ICLR/Master-Template at a28d335" },
  },
  aaai: {
    ...{ columnPt: 239.39438, textPt: 505.89, heightPt: 650.43, bodyPt: 10, captionPt: 10, smallestPt: 7 },
    ...{ family: "times", source: "aaai24.sty, as github.com/Geostartico/VUE_net has it at 72435c6" },
  },
  cvpr: {
    ...{ columnPt: 237.13594, textPt: 496.85625, heightPt: 641.39624, bodyPt: 10, captionPt: 9, smallestPt: 7 },
    ...{ family: "times", source: "cvpr.sty of 2026, github.com/cvpr-org/author-kit at 12909ae" },
  },
  jmlr: {
    ...{ columnPt: 433.62, textPt: 433.62, heightPt: 614.295, bodyPt: 10.95, captionPt: 10.95, smallestPt: 8 },
    ...{ family: "serif", source: "jmlr2e.sty, github.com/JmlrOrg/jmlr-style-file at f413f63, with article at 11pt" },
  },
  tmlr: {
    ...{ columnPt: 469.755, textPt: 469.755, heightPt: 650.43, bodyPt: 10, captionPt: 10, smallestPt: 7 },
    ...{
      family: "serif",
      source: "tmlr.sty, github.com/JmlrOrg/tmlr-style-file at 7bf90ef: 6.5 in by 9 in; read, not compiled",
    },
  },
  lncs: {
    ...{ columnPt: 347.12354, textPt: 347.12354, heightPt: 549.13828, bodyPt: 10, captionPt: 9, smallestPt: 7 },
    ...{ family: "serif", source: "llncs.cls 2022/09/05 v2.22 (TeX Live 2022)" },
  },
  springer: {
    ...{ columnPt: 372, textPt: 372, heightPt: 552.69478, bodyPt: 10.03749, captionPt: 8, smallestPt: 7 },
    ...{
      family: "serif",
      source: "sn-jnl.cls, one column, as github.com/lewislehe/template-springer has it at 555b937",
    },
  },
  elsevier: {
    ...{ columnPt: 252, textPt: 522, heightPt: 682, bodyPt: 10, captionPt: 8, smallestPt: 7 },
    ...{ family: "times", source: "elsarticle.cls 2020/11/20 3.3, options final,5p,times,twocolumn (TeX Live 2022)" },
  },
  usenix: {
    ...{ columnPt: 241.02039, textPt: 505.89, heightPt: 650.43, bodyPt: 10, captionPt: 10, smallestPt: 7 },
    ...{ family: "times", source: "usenix2019_v3.sty, as github.com/snake0/usenix-template-2021 has it at 183c076" },
  },
} satisfies Record<string, Omit<Venue, "name">>;

/** Every venue that has a name. */
export const venues: Readonly<Record<string, Venue>> = Object.fromEntries(
  Object.entries(known).map(([name, facts]) => [name, { name, ...facts }]),
);

function points(least: number, most: number) {
  const error = `give TeX points from ${least} to ${most}`;
  return z.number({ error }).min(least, error).max(most, error);
}

const ownVenue = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and -"),
    columnPt: points(72, 2000),
    textPt: points(72, 2000),
    heightPt: points(72, 3000),
    bodyPt: points(5, 24),
    captionPt: points(5, 24),
    smallestPt: points(3, 24),
    family: z.enum(["serif", "times", "libertine", "sans"]).default("serif"),
    source: z.string().default("given by the author"),
  })
  .refine(({ columnPt, textPt }) => columnPt <= textPt, { path: ["columnPt"], message: "at most textPt" });

/** A venue by name, or one of a person's own. */
export type VenueChoice = string | Omit<Venue, "source" | "family"> | Venue;

/**
 * A venue: by name, or a person's own as an object of {@link Venue}'s form, in which `family` and `source` may be left
 * out.
 *
 * @throws InvalidArgumentError for a name that is not known, with the nearest, and for an object that is not complete,
 *   with the key
 * @example
 * venueOf("ieee").columnPt; // 252
 * const sizes = { columnPt: 240, textPt: 500, heightPt: 640, bodyPt: 10, captionPt: 9, smallestPt: 7 };
 * const own = venueOf({ name: "my-workshop", ...sizes });
 */
export function venueOf(choice: VenueChoice, where = "venue"): Venue {
  if (typeof choice !== "string") return parsedBy(ownVenue, choice, where);
  if (Object.hasOwn(venues, choice)) return venues[choice];
  throw new InvalidArgumentError(`no venue "${choice}"`, {
    where,
    remedy: `${meantBy(choice)}; or give one of your own as JSON: ${Object.keys(ownVenue.shape).join(", ")}`,
  });
}

/** The venues whose names begin as the word does, or with which it begins (`icml2024`); else the nearest. */
function meantBy(word: string): string {
  const names = Object.keys(venues);
  const lower = word.toLowerCase();
  const alike = names.filter((name) => lower !== "" && (name.startsWith(lower) || lower.startsWith(name)));
  if (alike.length === 0) return didYouMean(word, names);
  return `did you mean ${alike.map((name) => `"${name}"`).join(" or ")}?`;
}

/** TeX's points in an inch. */
export const texPointsPerInch = 72.27;
