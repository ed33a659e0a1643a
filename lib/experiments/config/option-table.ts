import { isByMode, type Option, type OptionList } from "../../core";

/** A default in words; both where it depends on the mode. */
function defaultOf({ initial, isGiven }: Option<unknown>): string {
  if (isGiven && typeof initial === "object") return "";
  if (!isByMode(initial)) return String(initial);
  const { principled, paper } = initial;
  return principled === "principled" ? principled : `${String(principled)} (paper: ${String(paper)})`; // the mode itself
}

/**
 * What a function or part takes, as a table of a page: each option with its default, what is allowed and what it is
 * for.
 *
 * @example
 * const list = optionList("mf", { epochs: wholeOption("The most epochs.", 200, 1) });
 * optionMarkdown(list); // a head, and | `epochs` | 200 | a whole number >= 1 | The most epochs. |
 */
export function optionMarkdown({ fields }: OptionList): string {
  const rows = Object.entries(fields).map(([name, option]) => {
    const cells = [`\`${name}\``, defaultOf(option), option.allowed, option.meaning];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| option | default | allowed | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/**
 * The same for a terminal: the meaning under each option, in lines of at most 100 characters.
 *
 * @example
 * console.log(optionHelp(builtInParts.methods["ifru"].options("mf")));
 */
export function optionHelp({ fields }: OptionList): string {
  return Object.entries(fields)
    .map(
      ([name, option]) => `  ${name}: ${option.allowed} (default: ${defaultOf(option)})\n${indented(option.meaning)}`,
    )
    .join("\n");
}

const mostCharacters = 100;
const indent = "      ";

function indented(text: string): string {
  const lines = [indent];
  for (const word of text.replaceAll("`", '"').split(" "))
    if (lines[lines.length - 1].length + word.length >= mostCharacters) lines.push(`${indent}${word} `);
    else lines[lines.length - 1] += `${word} `;
  return lines.map((line) => line.trimEnd()).join("\n");
}
