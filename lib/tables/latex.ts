import { visibleText } from "../core";
import type { TableContent } from "./content";
import { type Field, layoutOf } from "./layout";

const letters = { left: "l", center: "c", right: "r" };

export function renderLatex(table: TableContent): string {
  const { headings, aligns, rows } = layoutOf(table);
  const line = (texts: readonly string[]) => `    ${texts.join(" & ")} \\\\`;
  return [
    ...table.provenance.map((text) => `% ${visibleText(text)}`),
    "\\begin{table}",
    "  \\centering",
    ...(table.caption === undefined ? [] : [`  \\caption{${escapeLatex(table.caption)}}`]),
    ...(table.label === undefined ? [] : [`  \\label{${table.label.replace(/[^\w:.-]+/g, "-")}}`]),
    `  \\begin{tabular}{${aligns.map((align) => letters[align]).join("")}}`,
    "    \\toprule",
    line(headings.map(escapeLatex)),
    "    \\midrule",
    ...rows.map((row) => line(row.map(emphasised))),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

function emphasised({ text, rank }: Field): string {
  const escaped = escapeLatex(text);
  return rank === "best" ? `\\textbf{${escaped}}` : rank === "second" ? `\\underline{${escaped}}` : escaped;
}

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
  "±": "\\ensuremath{\\pm}",
  "×": "\\ensuremath{\\times}",
  "·": "\\ensuremath{\\cdot}",
  "∞": "\\ensuremath{\\infty}",
  "≤": "\\ensuremath{\\leq}",
  "≥": "\\ensuremath{\\geq}",
  "≠": "\\ensuremath{\\neq}",
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

/**
 * Text as LaTeX prints it, whatever it holds: every active character escaped, and characters that a stock pdfLaTeX has
 * no glyph for spelt as their code point, so that a table always compiles.
 */
export function escapeLatex(text: string): string {
  return [...visibleText(text).normalize("NFC")]
    .map(escapeCharacter)
    .join("")
    .replace(/-(?=-)/g, "-{}");
}

function escapeCharacter(character: string): string {
  if (/[&%$#_{}]/.test(character)) return `\\${character}`;
  const command = commands[character];
  if (command !== undefined) return command;
  if (/[\u0020-\u007e\u00c0-\u017e]/.test(character)) return character;
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  return `\\texttt{U+${code}}`;
}
