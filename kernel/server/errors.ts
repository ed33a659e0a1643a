import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { types } from "node:util";
import { buildRemedy, didYouMean, libFolder } from "recsys-unlearning/core";
import type { ErrorContent } from "../protocol/message";
import type { CellSources, Position } from "./cell-sources";
import type { Diagnostic } from "tslab/dist/converter";
import { inspectValue } from "./results";
import { withoutRoot } from "./stack-traces";

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;
const grey = (text: string) => `\u001b[90m${text}\u001b[39m`;

/** The name under which an interrupted cell fails. */
const interruptedName = "Interrupted";

const maxCauses = 5;
const contextLines = 2;

/** Turns what a cell threw, or what the compiler found in it, into the error that clients show. */
export class ErrorReporter {
  /** @param root the folder of the checkout or project, which is taken out of every path */
  constructor(
    private readonly root: string,
    private readonly cells: CellSources,
  ) {}

  /** A thrown value: name, message, mapped frames, the line it came from, and its causes. */
  thrown(error: unknown): ErrorContent {
    if (!types.isNativeError(error)) {
      const shown = withoutRoot(inspectValue(error), this.root);
      return { ename: "Thrown", evalue: shown, traceback: [`${red("Thrown")}: ${shown}`] };
    }
    const traceback = this.describe(error);
    for (let cause = error.cause, depth = 0; cause !== undefined && depth < maxCauses; depth++) {
      traceback.push("", `${grey("caused by")} ${types.isNativeError(cause) ? "" : inspectValue(cause)}`.trimEnd());
      if (!types.isNativeError(cause)) break;
      traceback.push(...this.describe(cause));
      cause = cause.cause;
    }
    return { ename: error.name, evalue: this.message(error), traceback };
  }

  /** An interrupted cell. @param detail what the interrupted work said of itself */
  interrupted(detail?: unknown): ErrorContent {
    const evalue = types.isNativeError(detail) ? this.message(detail) : "the cell was interrupted";
    const frames = types.isNativeError(detail) ? this.describe(detail).slice(1) : [];
    return { ename: interruptedName, evalue, traceback: [`${red(interruptedName)}: ${evalue}`, ...frames] };
  }

  /** What the compiler found. @param name the cell's script name */
  diagnosed(diagnostics: readonly Diagnostic[], name: string, code: string): ErrorContent {
    const groups = grouped(diagnostics);
    const traceback = groups.flatMap(([head, ...details], index) => {
      const position = { line: head.start.line + 1, column: head.start.character + 1 };
      const place = `${head.fileName ?? name}:${position.line}:${position.column}`;
      const width = head.end.line === head.start.line ? head.end.character - head.start.character : 1;
      return [
        ...(index === 0 ? [] : [""]),
        `${cyan(place)} - ${red("error")} ${grey(`TS${head.code}`)}: ${head.messageText}`,
        ...details.map((detail) => `  ${detail.messageText}`),
        ...remedies(head),
        ...(head.fileName === undefined ? excerpt(code, position, width) : []),
      ];
    });
    const first = groups[0][0];
    const evalue = `${name}:${first.start.line + 1}:${first.start.character + 1} - ${first.messageText}`;
    return { ename: "TypeScriptError", evalue, traceback };
  }

  private describe(error: Error): string[] {
    const [stackHead, frames] = splitStack(error);
    const head = withoutRoot(stackHead, this.root);
    const lines = [head.startsWith(error.name) ? red(error.name) + head.slice(error.name.length) : head, ...frames];
    const place = placeInCell(frames);
    const code = place && this.cells.code(place.cell);
    return place && code !== undefined ? [...lines, ...excerpt(code, place.position, 1)] : lines;
  }

  private message(error: Error): string {
    return withoutRoot(error.message.replace(/\nRequire stack:[\s\S]*$/, ""), this.root);
  }
}

/**
 * The lines of a stack above its frames, and the frames. Node puts the offending line before the stack of an error in a
 * script.
 */
function splitStack(error: Error): [string, string[]] {
  const lines = String(error.stack ?? error).split("\n");
  const firstFrame = lines.findIndex((line) => /^ {4}at /.test(line));
  const frames = firstFrame < 0 ? [] : lines.slice(firstFrame).filter((line) => /^ {4}at /.test(line));
  return [`${error.name}: ${error.message}`.replace(/\nRequire stack:[\s\S]*$/, ""), frames];
}

/** The topmost frame that lies in a cell. */
function placeInCell(frames: readonly string[]): { cell: string; position: Position } | undefined {
  for (const frame of frames) {
    const match = /(cell\[[^\]]*\]):(\d+):(\d+)/.exec(frame);
    if (match !== null) return { cell: match[1], position: { line: Number(match[2]), column: Number(match[3]) } };
  }
  return undefined;
}

/** The script name of the cell that an error comes from, if its stack tells. */
export function cellOf(error: unknown): string | undefined {
  return types.isNativeError(error) ? placeInCell(splitStack(error)[1])?.cell : undefined;
}

/** What a person can do about a module that is not there. */
function remedies({ code, messageText }: Diagnostic): string[] {
  const name = /'([^']+)'/.exec(messageText)?.[1];
  if (name === undefined || (code !== 2307 && code !== 7016) || name.startsWith(".")) return [];
  const [owner, rest] = name.split(/\/(.*)/s);
  if (owner !== "recsys-unlearning") return [`  remedy: npm install ${code === 7016 ? `@types/${name}` : name}`];
  const areas = builtAreas();
  return [`  remedy: ${areas.length === 0 ? buildRemedy() : didYouMean(rest ?? "", areas)}`];
}

/** The areas of lib that can be imported as `recsys-unlearning/area`. */
function builtAreas(): string[] {
  const built = join(libFolder(), "dist");
  return existsSync(built) ? readdirSync(built).filter((name) => existsSync(join(built, name, "index.d.ts"))) : [];
}

/** A message and its explanations have one place; the compiler gives them as neighbours. */
function grouped(diagnostics: readonly Diagnostic[]): Diagnostic[][] {
  const groups: Diagnostic[][] = [];
  for (const diagnostic of diagnostics) {
    const group = groups.at(-1);
    const head = group?.[0];
    const same = head?.start.offset === diagnostic.start.offset && head.fileName === diagnostic.fileName;
    if (group !== undefined && same) group.push(diagnostic);
    else groups.push([diagnostic]);
  }
  return groups;
}

/** A few lines of code with one marked. */
function excerpt(code: string, { line, column }: Position, width: number): string[] {
  const lines = code.split("\n");
  const first = Math.max(1, line - contextLines);
  const last = Math.min(lines.length, line + contextLines);
  const digits = String(last).length;
  const shown = [""];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1];
    const marked = number === line;
    shown.push(`${marked ? red(">") : " "} ${grey(`${String(number).padStart(digits)} |`)} ${text}`);
    if (!marked) continue;
    const underline = "^".repeat(Math.max(1, Math.min(width, text.length - column + 1)));
    shown.push(`  ${grey(`${" ".repeat(digits)} |`)} ${" ".repeat(column - 1)}${red(underline)}`);
  }
  return shown;
}
