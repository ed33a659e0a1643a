import { mergePatch } from "./merge-patch";
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
  /** A JSON merge patch (RFC 7386) of the vega-lite specification without its data: the last word. */
  readonly patch?: VegaLiteSpec;
}

/** A specification in another look. Its data stay as they are. */
export function withLook(spec: VegaLiteSpec, look: Look): VegaLiteSpec {
  const { data, ...rest } = spec;
  const named = withNamed(rest, look);
  const looked = replaced(named, new Map([...inkFor(look.theme ?? "light"), ...coloursFor(look)])) as VegaLiteSpec;
  const background = { light: {}, dark: { background: darkGround }, transparent: { background: null } };
  const config = { ...(looked["config"] as VegaLiteSpec), ...background[look.theme ?? "light"] };
  return { ...(mergePatch({ ...looked, config }, look.patch ?? {}) as VegaLiteSpec), data };
}

const darkGround = "#1b1b1b";

/** What replaces the theme's inks. */
function inkFor(theme: Theme): [string, string][] {
  if (theme !== "dark") return [];
  return [
    ["#222222", "#e6e6e6"],
    ["#d9d9d9", "#4d4d4d"],
    ["white", darkGround], // the rim of names in the picture
    ["#000000", "#ffffff"],
  ];
}

/** What replaces the default palette's colours. */
function coloursFor({ palette: given, grey = false }: Look): [string, string][] {
  const list = Array.isArray(given) ? (given as string[]) : typeof given === "string" ? palettes[given] : undefined;
  const colours = list ?? (grey ? greys : undefined);
  if (colours === undefined) return [];
  return palette.map((colour, i) => [colour, colours[i % colours.length]]);
}

/** A part of a specification with texts replaced that are equal to a key; what stands in data is none. */
function replaced(part: unknown, by: ReadonlyMap<string, string>): unknown {
  if (typeof part === "string") return by.get(part) ?? part;
  if (Array.isArray(part)) return part.map((inner) => replaced(inner, by));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [key, key === "values" ? inner : replaced(inner, by)]),
  );
}

/** Colours and markers of single series, wherever a scale has them. */
function withNamed(part: VegaLiteSpec, look: Look): VegaLiteSpec {
  const colours = typeof look.palette === "object" && !Array.isArray(look.palette) ? look.palette : {};
  return namedIn(part, colours, look.marker ?? {}) as VegaLiteSpec;
}

function namedIn(part: unknown, colours: object, markers: object): unknown {
  if (Array.isArray(part)) return part.map((inner) => namedIn(inner, colours, markers));
  if (typeof part !== "object" || part === null) return part;
  const { domain, range } = part as { domain?: unknown; range?: unknown };
  if (Array.isArray(domain) && Array.isArray(range)) {
    const chosen = range.some((one) => (shapes as readonly unknown[]).includes(one)) ? markers : colours;
    if (range.every((one) => typeof one === "string")) {
      const own = new Map(Object.entries(chosen as Record<string, string>));
      return { ...part, range: range.map((value: string, i) => own.get(String(domain[i])) ?? value) };
    }
  }
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [key, key === "values" ? inner : namedIn(inner, colours, markers)]),
  );
}
