import { visibleText } from "../core";
import { asciiWidths, opticalStretch, symbolWidths, type Weight } from "./glyph-widths";
import type { LatexFamily } from "./latex-options";
import { codePointText, isTypeset, thinSpace } from "./latex-text";

/** The width of a text at a size, in points; never less than what TeX makes of it. */
export type Ruler = (text: string, sizePt: number, weight?: Weight) => number;

/** Letters that are no letter with an accent, and the apostrophe that some carons become: as wide as the widest. */
const otherWidth = 1170;
const accentWidth = 260;
/** A character spelt as its code point, in a typewriter font. */
const typewriterWidth = 525;
const thinSpaceWidth = 167;
/** Kerning may add a little between round letters. */
const kerning = 1.01;

/** What measures texts as `escapeLatex` writes them. It remembers them: a table is measured in many ways. */
export function rulerFor(family: LatexFamily): Ruler {
  const known = { regular: new Map<string, Glyphs>(), bold: new Map<string, Glyphs>() };
  return (text, sizePt, weight = "regular") => {
    let glyphs = known[weight].get(text);
    if (glyphs === undefined) known[weight].set(text, (glyphs = glyphsOf(text, asciiWidths[family][weight])));
    const stretch = stretchAt(sizePt);
    const thousandths = glyphs.letters * (family === "serif" ? stretch : 1) + glyphs.symbols * stretch;
    return (thousandths * kerning * sizePt) / 1000;
  };
}

/** Widths at 10 pt of what is set in the family, and of what is set in Computer Modern whatever the family. */
interface Glyphs {
  readonly letters: number;
  readonly symbols: number;
}

function glyphsOf(text: string, ascii: readonly number[]): Glyphs {
  let [letters, symbols] = [0, 0];
  for (const character of visibleText(text).normalize("NFC")) {
    const symbol = symbolWidth(character);
    if (symbol === undefined) letters += letterWidth(character, ascii);
    else symbols += symbol;
  }
  return { letters, symbols };
}

function symbolWidth(character: string): number | undefined {
  if (character === thinSpace) return thinSpaceWidth;
  if (isTypeset(character)) return symbolWidths[character];
  return codePointText(character).length * typewriterWidth;
}

function letterWidth(character: string, ascii: readonly number[]): number {
  const [base, ...accents] = character.normalize("NFD");
  const own = ascii[base.charCodeAt(0) - 0x20];
  return own === undefined ? otherWidth : own + (accents.length > 0 ? accentWidth : 0);
}

/** How much wider a font is for its size than at 10 pt; between two sizes TeX may take the smaller. */
function stretchAt(sizePt: number): number {
  const smaller = opticalStretch.filter(([size]) => size <= sizePt);
  return (smaller.at(-1) ?? opticalStretch[0])[1];
}
