import { join } from "node:path";
import { fontFolder, fontkit } from "./libraries";

/** The font of every figure. It comes with the packages, so a picture is the same on every machine. */
export const fontFamily = "DejaVu Sans";

const faces = {
  regular: "DejaVuSans",
  bold: "DejaVuSans-Bold",
  italic: "DejaVuSans-Oblique",
  boldItalic: "DejaVuSans-BoldOblique",
};

/** The file of one face. */
export function fontFile(bold: boolean, italic: boolean): string {
  const face = bold ? (italic ? faces.boldItalic : faces.bold) : italic ? faces.italic : faces.regular;
  return join(fontFolder(), `${face}.ttf`);
}

/** The files of all faces. */
export function fontFiles(): string[] {
  return Object.values(faces).map((face) => join(fontFolder(), `${face}.ttf`));
}

const openFonts = new Map<string, ReturnType<ReturnType<typeof fontkit>["openSync"]>>();

/**
 * The width of a text in our font, by its glyphs' advance widths.
 *
 * @param size font size, in the unit of the result
 */
export function textWidth(text: string, size: number, bold: boolean): number {
  const path = fontFile(bold, false);
  const font = openFonts.get(path) ?? fontkit().openSync(path);
  openFonts.set(path, font);
  let units = 0;
  for (const character of text) units += font.glyphForCodePoint(character.codePointAt(0) as number).advanceWidth;
  return (units / font.unitsPerEm) * size;
}
