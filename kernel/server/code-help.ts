import ts, { type QuickInfo, type SymbolDisplayPart } from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import type { Content } from "../protocol/message";
import type { Evaluator } from "./evaluator";
import { areasAt } from "./lib-areas";
import { hasTopLevelAwait } from "./top-level-await";

/** Jupyter counts code points, JavaScript UTF-16 units. */
function toUnits(code: string, codePoints: number): number {
  let units = 0;
  let seen = 0;
  for (const character of code) {
    if (seen++ === codePoints) break;
    units += character.length;
  }
  return units;
}

function toCodePoints(code: string, units: number): number {
  return [...code.slice(0, units)].length;
}

function joined(parts: readonly SymbolDisplayPart[] | undefined): string {
  return (parts ?? []).map((part) => part.text).join("");
}

/** Content of `complete_reply`. */
export function complete(evaluator: Evaluator, code: string, cursor: number): Content {
  const found = areasAt(code.slice(0, toUnits(code, cursor)));
  if (found !== undefined) {
    const { typed, areas } = found;
    return { status: "ok", matches: areas, cursor_start: cursor - typed.length, cursor_end: cursor, metadata: {} };
  }
  const { start, end, candidates } = evaluator.complete(code, toUnits(code, cursor));
  return {
    status: "ok",
    matches: candidates,
    cursor_start: toCodePoints(code, start),
    cursor_end: toCodePoints(code, end),
    metadata: {},
  };
}

/**
 * Content of `inspect_reply`: type and doc comment of the name at the cursor, or of the function whose arguments
 * surround it.
 */
export function inspect(evaluator: Evaluator, code: string, cursor: number): Content {
  const position = toUnits(code, cursor);
  const info = [position, position - 1, calleePosition(code, position)]
    .filter((candidate) => candidate >= 0)
    .map((candidate) => evaluator.inspect(code, candidate))
    .find((found) => found !== undefined);
  if (info === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
  const data = { "text/markdown": asMarkdown(info), "text/plain": printQuickInfo(info) };
  return { status: "ok", found: true, data, metadata: {} };
}

/** The last letter of the name before the parenthesis that is open at a position, or -1. */
function calleePosition(code: string, position: number): number {
  let depth = 0;
  for (let i = position - 1; i >= 0; i--) {
    if (code[i] === ")") depth++;
    else if (code[i] === "(" && depth-- === 0) return i - 1;
  }
  return -1;
}

function asMarkdown(info: QuickInfo): string {
  const tags = (info.tags ?? []).map((tag) => `*@${tag.name}* ${joined(tag.text)}`.trimEnd());
  return [`\`\`\`typescript\n${joined(info.displayParts)}\n\`\`\``, joined(info.documentation), ...tags]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Errors of code that only lacks its end: an open comment, an open template text. */
const openEnds = [1010, 1160];

/** Content of `is_complete_reply`. */
export function isComplete(code: string): Content {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: "incomplete", indent: indent ?? "" };
  const errors = ts.transpileModule(code, { reportDiagnostics: true }).diagnostics ?? [];
  if (errors.some((error) => openEnds.includes(error.code))) return { status: "incomplete", indent: "" };
  return { status: errors.length === 0 || hasTopLevelAwait(code) ? "complete" : "invalid" };
}
