import { fontFamily, fontOf, type OwnFont, ownFontNamed } from "./fonts";
import { bidi } from "./libraries";

/** Letters that are written from right to left. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decoded = (text: string) => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]);
const encoded = (text: string) => text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));

/**
 * An SVG document of ours for svg-to-pdfkit, which sees no order but that of the letters and no font but one: runs of
 * each direction are put in the order they are seen, and marked with the font they need.
 */
export function svgForPdf(svg: string): string {
  const main = mainFont(svg);
  return svg.replace(/(<text\b[^>]*>|<tspan\b[^>]*>)([^<]*)/g, (_, tag: string, text: string) => {
    const plain = decoded(text);
    const runs = rightToLeft.test(plain) ? runsInSeenOrder(plain) : [plain];
    const written = runs.map((run) => withFonts(run, main));
    return tag + (runs.length === 1 ? written[0] : written.map((run) => `<tspan>${run}</tspan>`).join(""));
  });
}

/**
 * An SVG document of ours for resvg: runs are marked with the font they need, and the lines of a text that runs from
 * right to left are texts of their own, since resvg would order them as one.
 */
export function svgForPng(svg: string): string {
  const main = mainFont(svg);
  const ofLines = /<text\b([^>]*)>((?:<tspan\b[^>]*>[^<]*<\/tspan>){2,})<\/text>/g;
  const apart = svg.replace(ofLines, (all, attributes: string, lines: string) =>
    rightToLeft.test(lines) ? linesApart(attributes, lines) : all,
  );
  return apart.replace(
    /(<text\b[^>]*>|<tspan\b[^>]*>)([^<]*)/g,
    (_, tag: string, text: string) => tag + withFonts(decoded(text), main),
  );
}

/** The lines of a text as texts of their own. */
function linesApart(attributes: string, lines: string): string {
  const [whole = "", transform = ""] = / transform="([^"]*)"/.exec(attributes) ?? [];
  const others = attributes.replace(whole, "");
  let down = 0;
  return [...lines.matchAll(/<tspan\b([^>]*)>([^<]*)<\/tspan>/g)]
    .map(([, place, line]) => {
      down += Number(/\bdy="([-\d.]+)"/.exec(place)?.[1] ?? 0);
      return `<text${others} transform="${transform} translate(0,${down})">${line}</text>`;
    })
    .join("");
}

/**
 * The words of a text from left to right, each with the blank before it. The letters of a word stay in the order they
 * are read, for its font to join.
 */
export function runsInSeenOrder(text: string): string[] {
  const { levels } = bidi().getEmbeddingLevels(text, "ltr");
  const words: { text: string; level: number }[] = [];
  let at = 0;
  for (const character of text) {
    const level = levels[at];
    const mirrored = level % 2 === 1 ? (bidi().getMirroredCharacter(character) ?? character) : character;
    const last = words[words.length - 1] as { text: string; level: number } | undefined;
    if (last?.level === level && last.text !== " " && character !== " ") last.text += mirrored;
    else words.push({ text: mirrored, level });
    at += character.length;
  }
  const highest = Math.max(...words.map(({ level }) => level));
  for (let level = highest; level > 0; level--) reverseFrom(words, level);
  return words.reduce<string[]>((seen, word) => {
    const last = seen[seen.length - 1] as string | undefined;
    return last === " " ? [...seen.slice(0, -1), ` ${word.text}`] : [...seen, word.text];
  }, []);
}

/** Reverses every unbroken run of words of a level or more. */
function reverseFrom(words: { readonly level: number }[], level: number): void {
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (end < words.length && words[end].level >= level) end++;
    if (end > start) words.splice(start, end - start, ...words.slice(start, end).reverse());
    start = Math.max(start, end - 1);
  }
}

/** The font of one's own that a picture's texts are set in. */
function mainFont(svg: string): OwnFont | undefined {
  const [, family = ""] = /<text\b[^>]* font-family="([^"]*)"/.exec(svg) ?? [];
  return ownFontNamed(decoded(family));
}

/** A text whose runs name their font, where that is not the one the whole is set in. */
function withFonts(text: string, main?: OwnFont): string {
  const runs: { text: string; family: string | undefined }[] = [];
  for (const character of text) {
    const font = fontOf(character, false, main);
    const family = font === main ? undefined : font === null ? main && fontFamily : font?.family;
    const last = runs[runs.length - 1] as { text: string; family: string | undefined } | undefined;
    if (last !== undefined && last.family === family) last.text += character;
    else runs.push({ text: character, family });
  }
  const name = (family: string) => encoded(family).replace(/"/g, "&quot;");
  return runs
    .map(({ text: run, family }) =>
      family === undefined ? encoded(run) : `<tspan font-family="${name(family)}">${encoded(run)}</tspan>`,
    )
    .join("");
}
