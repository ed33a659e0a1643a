import { z } from "zod";
import type { Selection } from "../experiments";
import { InvalidArgumentError, parsedBy } from "../core";
import type { FigureFormat, TableFormat } from "./export";
import type { PaperWidth } from "./frame";
import { type Look, palettes } from "./look";
import { shapes } from "./theme";
import { type VenueChoice } from "./venues";

/** How a paper wants its figures and tables: of the command line, of a `figures.json` and of `figure` in a cell. */
export interface PaperOptions extends Selection, Look {
  /** A venue's name, or one of one's own. Default: none; figures have 3.3 or 6.9 inches. */
  readonly venue?: VenueChoice;
  /** A venue's column or text, or inches. Default: whichever of the two suits the figure or table. */
  readonly width?: PaperWidth;
  /** Default with a venue: `pdf` and `tex`; else all. */
  readonly format?: readonly PaperFormat[];
  /** Of PNGs. Default: 300. */
  readonly dpi?: number;
  /** New labels by old ones. */
  readonly label?: Readonly<Record<string, string>>;
  /** Names or labels of datasets, backbones, methods or metrics that come first, in this order. */
  readonly order?: readonly string[];
  /** Decimals in LaTeX, or by the noise: two significant digits of the standard deviation. Default: `"noise"`. */
  readonly decimals?: "noise" | number;
  /**
   * The font of figures: the path of a file, the family of one that is added, or `"venue"` for the venue's, as the TeX
   * of this machine has it. Default: DejaVu Sans, which comes with the packages.
   */
  readonly fontFamily?: string;
  /** What has a panel of its own in a figure. */
  readonly facet?: "dataset" | "backbone";
}

export type PaperFormat = FigureFormat | TableFormat;

/** What a figure or a table of a paper can be written as. */
export const paperFormats: readonly PaperFormat[] = ["svg", "pdf", "png", "html", "tex", "csv", "md"];

const several = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: "give a name or a list" });
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "give a colour as #rrggbb");
const paletteNames = Object.keys(palettes) as (keyof typeof palettes)[];

const fields = {
  venue: z.union([z.string(), z.record(z.string(), z.unknown())], { error: "give a venue's name or an object" }),
  width: z.union([z.enum(["column", "text"]), z.number().min(0.5).max(40)], {
    error: 'give "column", "text" or inches from 0.5 to 40',
  }),
  format: z
    .array(z.enum(paperFormats, { error: `give some of ${paperFormats.join(", ")}` }))
    .min(1, "give one at least"),
  dpi: z.number({ error: "give dots per inch" }).int().min(36, "give 36 at least").max(2400, "give 2400 at most"),
  grey: z.boolean({ error: "give true or false" }),
  theme: z.enum(["light", "dark", "transparent"], { error: "give light, dark or transparent" }),
  dataset: several,
  backbone: several,
  method: several,
  metric: several,
  seeds: z.union([z.number().int(), z.array(z.number().int()).min(1)], { error: "give a seed's number or a list" }),
  label: z.record(z.string(), z.string({ error: "give the new label" }), { error: "give an object: old label to new" }),
  order: z.array(z.string(), { error: "give a list of names" }),
  palette: z.union(
    [z.enum(paletteNames), z.array(colour).min(1), z.record(z.string(), colour)] as const,
    { error: `give ${paletteNames.join(" or ")}, a list of colours, or an object: series to colour` }, // prettier-ignore
  ),
  marker: z.record(z.string(), z.enum(shapes, { error: `give one of ${shapes.join(", ")}` })),
  decimals: z.union([z.literal("noise"), z.number().int().min(0).max(10)], { error: 'give "noise" or 0 to 10' }),
  fontFamily: z.string({ error: 'give the path of a font, the family of one that is added, or "venue"' }).min(1),
  patch: z.record(z.string(), z.unknown(), { error: "give an object: a merge patch of the specification" }),
  facet: z.enum(["dataset", "backbone"], { error: "give dataset or backbone" }),
};

const partly = z.strictObject(fields).partial();
const names = z.union([z.string().min(1), z.array(z.string().min(1))], { error: "give a name of --list or several" });

const fileSchema = z.strictObject({
  version: z.literal(1, { error: "give 1" }),
  outputDir: z.string({ error: "give a folder" }).min(1).optional(),
  reproducibility: z.boolean({ error: "give true or false" }).optional(),
  ...partly.shape,
  make: z
    .array(z.strictObject({ name: names.optional(), ...partly.shape }), { error: "give a list" })
    .min(1, "give at least one object, such as {}"),
});

/** A paper's figures and tables: what stands in its `figures.json`. */
export interface PaperSet {
  readonly version: 1;
  /** Beside the file, unless it is absolute. Default: as the command has it. */
  readonly outputDir?: string;
  /** Whether `reproducibility.tex` is made of all that is drawn. Default: false. */
  readonly reproducibility?: boolean;
  /** What to make; each has the options of the file, and its own instead. */
  readonly make: readonly PaperEntry[];
}

/** One entry of a set. */
export interface PaperEntry extends PaperOptions {
  /** Names of `--list`; a view's means all of it. Default: every view. */
  readonly name?: string | readonly string[];
}

/**
 * Options as they come from outside.
 *
 * @param where what they come from, such as `"figure options"`
 * @throws InvalidArgumentError for a key or value that cannot be, with the key, the place and what would be right
 * @example
 * const options = paperOptions(JSON.parse(await readFile("style.json", "utf8")), "style.json"); // they are checked
 */
export function paperOptions(given: unknown, where: string): PaperOptions {
  return parsedBy(partly, given, where) as PaperOptions;
}

/**
 * A `figures.json`, every entry with the options of the file.
 *
 * @throws InvalidArgumentError for text that is no JSON, and for a key or value that cannot be
 * @example
 * const text = '{ "version": 1, "venue": "icml", "make": [{ "name": "cau-main" }, { "name": "ifru-time" }] }';
 * const { make } = paperSet(text, "figures.json");
 * make[1]; // { venue: "icml", name: "ifru-time" }
 */
export function paperSet(text: string, where: string): PaperSet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidArgumentError(`this is no JSON: ${(cause as Error).message}`, {
      where,
      remedy: 'see docs/paper.md; the least is { "version": 1, "make": [{}] }',
      cause,
    });
  }
  const { version, outputDir, reproducibility, make, ...common } = parsedBy(fileSchema, value, where);
  const entries = make.map((entry) => ({ ...common, ...entry }) as PaperEntry);
  const given = Object.entries({ outputDir, reproducibility }).filter(([, value]) => value !== undefined);
  return { version, ...Object.fromEntries(given), make: entries };
}
