import { mergePatch } from "./merge-patch";
import { colourOf, mostSeries } from "./series";
import type { VegaLiteSpec } from "./spec";
import { palette, shapes } from "./theme";

/** On what a figure is drawn. `transparent` has no background and dark text. */
export type Theme = "light" | "dark" | "transparent";

/** Colours by name, in the order that series take them. */
export const palettes = {
  /** Okabe and Ito 2008. The default. */
  "okabe-ito": palette,
  /** Paul Tol's "bright" scheme, and black. */
  "tol-bright": ["#4477AA", "#EE6677", "#228833", "#AA3377", "#CCBB44", "#66CCEE", "#000000", "#BBBBBB"],
} as const satisfies Record<string, readonly string[]>;

/** Greys whose steps a printer keeps; dashes and markers tell the rest. */
const greys = ["#000000", "#7a7a7a", "#a8a8a8", "#404040", "#8f8f8f", "#bdbdbd", "#5c5c5c", "#d0d0d0"];

/** How a figure looks beside the look of all figures. */
export interface Look {
  /** Default: `"light"`. */
  readonly theme?: Theme;
  /** Greys instead of colours. Default: false. */
  readonly grey?: boolean;
  /** A palette's name, colours in the order of series, or colours by the name of a series. */
  readonly palette?: keyof typeof palettes | readonly string[] | Readonly<Record<string, string>>;
  /** Markers by the name of a series. */
  readonly marker?: Readonly<Record<string, string>>;
  /**
   * The family of a font that `addFont` or `RECSYS_FONTS` has added, for all text; signs that it does not have stay in
   * the font of figures. Default: that font, DejaVu Sans.
   */
  readonly fontFamily?: string;
  /** A JSON merge patch (RFC 7386) of the vega-lite specification without its data: the last word. */
  readonly patch?: VegaLiteSpec;
}

/** Colours that take the place of others. */
type Colours = ReadonlyMap<string, string>;

/** A specification in another look, but for its colours. Its data stay as they are. */
export function withLook(spec: VegaLiteSpec, look: Look): VegaLiteSpec {
  const { theme, marker = {}, fontFamily, patch = {} } = look;
  if ([theme, look.marker, fontFamily, look.patch].every((one) => one === undefined)) return spec;
  const { data, ...rest } = withMarkers(spec, new Map(Object.entries(marker))) as VegaLiteSpec;
  const config = {
    ...(rest["config"] as VegaLiteSpec),
    ...(theme === "transparent" && { background: null }),
    ...(fontFamily !== undefined && { font: fontFamily }),
  };
  return { ...(mergePatch({ ...rest, config }, patch) as VegaLiteSpec), data };
}

/** What takes the place of the colours that a specification has. */
export function coloursOf(spec: VegaLiteSpec, { theme = "light", grey = false, palette: given }: Look): Colours {
  const colours = new Map<string, string>();
  const own = theme === "dark" ? greys.map(inverted) : greys;
  const listed = given === undefined ? (grey ? own : undefined) : listOf(given);
  for (let i = 0; i < mostSeries; i++) {
    if (listed !== undefined) colours.set(colourOf(i), listed[i % listed.length]);
    else if (theme === "dark" && palette[i % palette.length] === "#000000") colours.set(colourOf(i), "#ffffff");
  }
  if (theme === "dark") inks.forEach(([light, dark]) => colours.has(light) || colours.set(light, dark));
  if (given !== undefined && listed === undefined) ofSeries(spec, given as Record<string, string>, colours);
  return colours;
}

const inverted = (grey: string) => `#${(0xffffff - parseInt(grey.slice(1), 16)).toString(16).padStart(6, "0")}`;

const darkGround = "#1b1b1b";

/** The theme's inks on dark: text, grid, the ground with the rims of names. */
const inks: readonly (readonly [string, string])[] = [
  ["#222222", "#e6e6e6"],
  ["#d9d9d9", "#4d4d4d"],
  ["white", darkGround],
];

function listOf(given: Exclude<Look["palette"], undefined>): readonly string[] | undefined {
  if (typeof given === "string") return palettes[given];
  return Array.isArray(given) ? (given as readonly string[]) : undefined;
}

/** Adds the colours of single series: what they have in the first scale that names them is replaced. */
function ofSeries(part: unknown, own: Readonly<Record<string, string>>, colours: Map<string, string>): void {
  if (typeof part !== "object" || part === null) return;
  const { domain, range } = part as { domain?: unknown; range?: unknown };
  if (Array.isArray(domain) && Array.isArray(range))
    domain.forEach((name, i) => {
      const colour: unknown = range[i];
      if (Object.hasOwn(own, String(name)) && typeof colour === "string" && colour.startsWith("#"))
        colours.set(colour, own[String(name)]);
    });
  for (const [key, inner] of Object.entries(part)) if (key !== "values") ofSeries(inner, own, colours);
}

/** A specification in other colours; what stands in data is none. */
export function recoloured(spec: VegaLiteSpec, colours: Colours): VegaLiteSpec {
  return colours.size === 0 ? spec : (replaced(spec, colours) as VegaLiteSpec);
}

/** An SVG document of ours in other colours. */
export function recolouredSvg(svg: string, colours: Colours): string {
  if (colours.size === 0) return svg;
  return svg.replace(/ (fill|stroke)="(#[\da-fA-F]{6}|white)"/g, (all, what: string, colour: string) => {
    const other = colours.get(colour);
    return other === undefined ? all : ` ${what}="${other}"`;
  });
}

function replaced(part: unknown, by: Colours): unknown {
  if (typeof part === "string") return by.get(part) ?? part;
  if (Array.isArray(part)) return part.map((inner) => replaced(inner, by));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [key, key === "values" ? inner : replaced(inner, by)]),
  );
}

/** Markers of single series, wherever a scale has them. */
function withMarkers(part: unknown, own: ReadonlyMap<string, string>): unknown {
  if (own.size === 0) return part;
  if (Array.isArray(part)) return part.map((inner) => withMarkers(inner, own));
  if (typeof part !== "object" || part === null) return part;
  const { domain, range } = part as { domain?: unknown; range?: unknown };
  const isShapes = Array.isArray(range) && range.some((one) => (shapes as readonly unknown[]).includes(one));
  if (isShapes && Array.isArray(domain))
    return { ...part, range: range.map((shape: string, i) => own.get(String(domain[i])) ?? shape) };
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [key, key === "values" ? inner : withMarkers(inner, own)]),
  );
}
