import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { InvalidArgumentError, NotFoundError } from "../core";
import type { FontFace } from "./font-face";
import { fontFolder, fontkit } from "./libraries";

/** The font of every figure. It comes with the packages, so a picture is the same on every machine. */
export const fontFamily = "DejaVu Sans";

const faces = {
  regular: "DejaVuSans",
  bold: "DejaVuSans-Bold",
  italic: "DejaVuSans-Oblique",
  boldItalic: "DejaVuSans-BoldOblique",
};

/** Names paths of fonts of one's own, divided as in `PATH`. */
const variable = "RECSYS_FONTS";

/** A font of one's own, for what the font of figures cannot write. */
export interface OwnFont {
  readonly path: string;
  /** The name it gives itself. */
  readonly family: string;
  readonly face: FontFace;
  /** Of a file of several fonts, whose first is used. */
  readonly isCollection: boolean;
}

const ownFonts: OwnFont[] = [];
let readsVariable = true;

/** The file of one face. */
export function fontFile(bold: boolean, italic: boolean): string {
  const face = bold ? (italic ? faces.boldItalic : faces.bold) : italic ? faces.italic : faces.regular;
  return join(fontFolder(), `${face}.ttf`);
}

/** The files of all faces, and those of one's own. */
export function fontFiles(): string[] {
  const own = allOwnFonts().map(({ path }) => path);
  return [...Object.values(faces).map((face) => join(fontFolder(), `${face}.ttf`)), ...own];
}

/**
 * Adds a font for what the font of figures has no signs for, such as Chinese, Japanese or Hindi. What figures could
 * write before stays in their own font. The variable `RECSYS_FONTS` names such fonts too.
 *
 * @param path of a TrueType or OpenType file
 * @returns the name of its family
 * @throws NotFoundError when there is no such file
 * @throws InvalidArgumentError when it is no font
 * @example
 * const fontFamily = addFont("fonts/NotoSansJP-Regular.otf"); // labels may be Japanese from now on
 * const figure = barChart([{ group: "東京", series: "IFRU", value: 0.72 }], { valueTitle: "AUC", caption: "One bar." });
 * figure.inLook({ fontFamily }); // all of its text in that font
 */
export function addFont(path: string): string {
  const file = resolve(path);
  const before = ownFonts.find((font) => font.path === file);
  if (before !== undefined) return before.family;
  if (!existsSync(file)) throw new NotFoundError(`there is no font ${path}`, { remedy: "give a .ttf or .otf file" });
  const face = open(file);
  ownFonts.push({ path: file, family: face.familyName, face, isCollection: collections.has(file) });
  return face.familyName;
}

/** The fonts of one's own, in the order they were given. */
export function allOwnFonts(): readonly OwnFont[] {
  if (readsVariable) {
    readsVariable = false;
    for (const path of (process.env[variable] ?? "").split(delimiter)) if (path !== "") addFont(path);
  }
  return ownFonts;
}

/** The font of one's own that has a family's name; `undefined` for another. */
export function ownFontNamed(family: string | undefined): OwnFont | undefined {
  return allOwnFonts().find((font) => font.family === family);
}

const openFonts = new Map<string, FontFace>();
const collections = new Set<string>();

function open(path: string): FontFace {
  const known = openFonts.get(path);
  if (known !== undefined) return known;
  try {
    const opened = fontkit().openSync(path);
    const face = "fonts" in opened ? opened.fonts[0] : opened;
    if ("fonts" in opened) collections.add(path);
    openFonts.set(path, face);
    return face;
  } catch (cause) {
    throw new InvalidArgumentError(`${path} is no font that can be read`, {
      cause,
      remedy: "give a .ttf or .otf file",
    });
  }
}

const uprightFaces: FontFace[] = [];

/** The upright face of the font of figures, which every sign of every label is looked up in. */
function uprightFace(bold: boolean): FontFace {
  return (uprightFaces[bold ? 1 : 0] ??= open(fontFile(bold, false)));
}

/** Signs that are never drawn, and need no glyph. */
const isUndrawn = (character: string) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(character);

/**
 * The font that writes a character: the figures' own (`null`), one of one's own, or none (`undefined`).
 *
 * @param main the one of one's own that a text is set in, as far as it has the signs. Default: none
 */
export function fontOf(character: string, bold = false, main?: OwnFont): OwnFont | null | undefined {
  const code = character.codePointAt(0) as number;
  if (main?.face.hasGlyphForCodePoint(code) === true) return main;
  if (isUndrawn(character) || uprightFace(bold).hasGlyphForCodePoint(code)) return null;
  return allOwnFonts().find(({ face }) => face.hasGlyphForCodePoint(code));
}

/** Scripts that messages call by name. */
const scripts = [
  ...["Han", "Hiragana", "Katakana", "Hangul", "Devanagari", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi"],
  ...["Kannada", "Malayalam", "Sinhala", "Thai", "Khmer", "Myanmar", "Tibetan", "Ethiopic", "Cherokee", "Mongolian"],
];

/**
 * Checks that a text can be written.
 *
 * @throws InvalidArgumentError that names the characters and their script which no font has
 */
export function requireWritable(text: string): void {
  const missing = [...new Set(text)].filter((character) => fontOf(character) === undefined);
  if (missing.length === 0) return;
  const script = scripts.find((name) => new RegExp(`\\p{Script=${name}}`, "u").test(missing[0]));
  const code = (missing[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  throw new InvalidArgumentError(
    `no font writes ${JSON.stringify(missing.slice(0, 8).join(""))} (${script ?? `U+${code}`}) in ${JSON.stringify(text)}`,
    { where: "figure", remedy: `add one: addFont("/path/to/font.ttf"), or name it in ${variable}` },
  );
}

/**
 * The width of a text by its glyphs' advance widths.
 *
 * @param size font size, in the unit of the result
 * @param main what the text is set in. Default: the font of figures
 */
export function textWidth(text: string, size: number, bold: boolean, main?: OwnFont): number {
  const plain = uprightFace(bold);
  let width = 0;
  for (const character of text) {
    const face = fontOf(character, bold, main)?.face ?? plain;
    width += face.glyphForCodePoint(character.codePointAt(0) as number).advanceWidth / face.unitsPerEm;
  }
  return width * size;
}
