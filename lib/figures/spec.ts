import { InvalidArgumentError, visibleText } from "../core";
import { textWidth } from "./fonts";
import { type Medium, unitOf } from "./theme";

/** A vega-lite 5 specification. Plain JSON. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** One datum of a chart. Plain JSON. */
export type Datum = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A part of a specification with its texts made visible, so that no name of a dataset breaks a picture or reorders its
 * labels. Line breaks stay, except in titles, which vega puts into expressions.
 */
export function visibleStrings<T>(part: T, key = ""): T {
  if (typeof part === "string" && part in Object.prototype) return `${part}\u00a0` as T; // vega looks names up in plain objects
  if (typeof part === "string")
    return (key === "title" ? visibleText(part) : part.split("\n").map(visibleText).join("\n")) as T;
  if (Array.isArray(part)) return part.map((inner) => visibleStrings(inner as unknown, key)) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, inner]) => [name, visibleStrings(inner as unknown, name)]),
  ) as T;
}

/** Keys by which viewers fetch something, or are told what to do with a figure. */
const outward = new Set(["url", "href", "usermeta", "$schema"]);

/**
 * Checks that a specification draws from nothing but itself.
 *
 * @throws InvalidArgumentError when it names an address: `url`, `href`, `usermeta`, `$schema` or a text with `url(`
 *   anywhere outside its data values, or an image mark
 */
export function requireSelfContained(spec: unknown, path = "spec"): void {
  if (Array.isArray(spec)) return spec.forEach((part, i) => requireSelfContained(part, `${path}[${i}]`));
  if (typeof spec !== "object" || spec === null) return;
  for (const [key, value] of Object.entries(spec)) {
    const here = `${path}.${key}`;
    const image = (key === "mark" || key === "type") && value === "image";
    const paint = typeof value === "string" && /url\s*\(/i.test(value);
    if (outward.has(key) || image || paint)
      throw new InvalidArgumentError("a figure may not point outside itself", {
        where: here,
        remedy: "put the values into the specification; links and images are left out",
      });
    if (key !== "values") requireSelfContained(value, here);
  }
}

/** A categorical axis whose labels are neither cut nor laid over each other. */
export interface CategoryAxis {
  /** A category's name as the data must hold it. */
  readonly name: (category: string) => string;
  readonly domain: readonly string[];
  readonly axis: VegaLiteSpec;
}

/**
 * Categories beside each other, their names on one line or several; `undefined` where they have no room.
 *
 * @param bandWidth room for one label, in points
 */
export function categoryAxis(categories: readonly string[], bandWidth: number): CategoryAxis | undefined {
  const wrapped = new Map(categories.map((category) => [category, wrapWords(category, bandWidth)]));
  const fits = [...wrapped.values()].every((lines) => lines.every((line) => textWidth(line, 8, false) <= bandWidth));
  return fits ? axisOf(categories, wrapped) : undefined;
}

/**
 * Categories below each other, their names wrapped, each level with its row's middle.
 *
 * @param width room for names, in points
 */
export function rowAxis(categories: readonly string[], width: number, medium: Medium = "paper"): CategoryAxis {
  const { axis, ...names } = axisOf(categories, new Map(categories.map((name) => [name, wrap(name, width)])));
  const isOnOne = names.domain.every((name) => !name.includes("\n"));
  const up = `-(length(split(datum.label, '\\n')) - 1) * ${(8 * unitOf(medium) + 2) / 2}`; // vega's lines are 2 apart
  return { ...names, axis: isOnOne ? axis : { ...axis, encoding: { labels: { dy: { value: { signal: up } } } } } };
}

/** The widest word of some texts, in points. */
export function widestWord(texts: readonly string[]): number {
  return Math.max(0, ...texts.flatMap((text) => text.split(" ")).map((word) => textWidth(word, 8, false)));
}

function axisOf(categories: readonly string[], lines: ReadonlyMap<string, readonly string[]>): CategoryAxis {
  const name = (category: string) => (lines.get(category) ?? [category]).join("\n");
  return { name, domain: categories.map(name), axis: { labelExpr: "split(datum.label, '\\n')" } };
}

function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length === 0 || textWidth(longer, 8, false) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A text on lines of at most a width in points; words that are wider are broken. */
export function wrap(text: string, width: number): string[] {
  return wrapWords(text, width).flatMap((line) => {
    const parts = [""];
    for (const character of line) {
      const longer = parts[parts.length - 1] + character;
      if (longer.length > 1 && textWidth(longer, 8, false) > width) parts.push(character);
      else parts[parts.length - 1] = longer;
    }
    return parts;
  });
}

/**
 * The title of an upright axis, on several lines where a picture of that height would cut it.
 *
 * @param height in points
 */
export function uprightTitle(title: string, height: number): string | string[] {
  const text = visibleText(title);
  return textWidth(text, 8, false) <= 0.75 * height ? text : wrap(text, 0.75 * height);
}

/** The title of a level axis, on several lines where the plot would be narrower. @param width of the plot, in points */
export function levelTitle(title: string, width: number): string | string[] {
  const text = visibleText(title);
  return textWidth(text, 8, false) <= width ? text : wrap(text, width);
}
