import { visibleText } from "../core";

/** A blank that no line ends at, half as wide as others. */
export const thinSpace = "\u2009";

const commands: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\symbol{34}",
  "[": "{[}",
  "*": "{*}",
  "'": "\\textquotesingle{}",
  "`": "\\textasciigrave{}",
  "–": "\\textendash{}",
  "—": "\\textemdash{}",
  "…": "\\dots{}",
  [thinSpace]: "\\,",
  "±": "\\ensuremath{\\pm}",
  "×": "\\ensuremath{\\times}",
  "·": "\\ensuremath{\\cdot}",
  "∞": "\\ensuremath{\\infty}",
  "≤": "\\ensuremath{\\leq}",
  "≥": "\\ensuremath{\\geq}",
  "≠": "\\ensuremath{\\neq}",
  "≈": "\\ensuremath{\\approx}",
  "−": "\\ensuremath{-}",
  "→": "\\ensuremath{\\rightarrow}",
  "↑": "\\ensuremath{\\uparrow}",
  "↓": "\\ensuremath{\\downarrow}",
  "†": "\\textdagger{}",
  "‡": "\\textdaggerdbl{}",
};

const greek =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho _ sigma tau upsilon phi chi psi omega";
greek.split(" ").forEach((name, i) => {
  if (name !== "_") commands[String.fromCharCode(0x3b1 + i)] = name === "omicron" ? "o" : `\\ensuremath{\\${name}}`;
});

/** Letters that pdfLaTeX has in no encoding, and those that it has in T1 alone. */
const unset = /[ĦħĸĿŀŉŦŧ]/;
const onlyInT1 = /[ÐÞðþĐđŊŋĄąĘęĮįŲų]/;

/**
 * Text as LaTeX prints it, whatever it holds: every active character escaped, and characters that a stock pdfLaTeX has
 * no glyph for spelt as their code point, so that a table always compiles. Some letters need `needsT1`.
 *
 * @example
 * escapeLatex("2 % & more"); // 2 \% \& more
 */
export function escapeLatex(text: string): string {
  return [...visibleText(text).normalize("NFC")]
    .map(escapeCharacter)
    .join("")
    .replace(/-(?=-)/g, "-{}");
}

/** Whether a text has letters, such as Polish or Icelandic ones, that need the font encoding T1. */
export function needsT1(text: string): boolean {
  return onlyInT1.test(visibleText(text).normalize("NFC"));
}

function escapeCharacter(character: string): string {
  if (/[&%$#_{}]/.test(character)) return `\\${character}`;
  const command = commands[character];
  if (command !== undefined) return command;
  return isTypeset(character) ? character : `\\texttt{${codePointText(character)}}`;
}

/** Whether a character is set as itself or by a command; others are spelt. */
export function isTypeset(character: string): boolean {
  return (
    commands[character] !== undefined || (/[\u0020-\u007e\u00c0-\u017e]/.test(character) && !unset.test(character))
  );
}

/** How a character is spelt, such as `U+4E2D`. */
export function codePointText(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}
