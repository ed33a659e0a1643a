import { buildRemedy, didYouMean, libFolder } from "recsys-unlearning/core";
import { maskPaths, type PathMask } from "../path-masks";
import type { ErrorContent } from "../protocol/message";
import type { CellSources, Position } from "./cell-sources";
import type { Diagnostic } from "tslab/dist/converter";
import { cutText, inspectValue } from "./inspection";
import { builtAreas } from "./lib-areas";
import { isMachinery, withOwnStacks } from "./stack-traces";
import { readError, type ThrownError } from "./thrown-value";

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;
const grey = (text: string) => `\u001b[90m${text}\u001b[39m`;

/** The name under which an interrupted cell fails. */
const interruptedName = "Interrupted";

/** How many errors of an `AggregateError`, and how many causes and errors in all, are described. */
const maxErrors = 20;
const maxRelated = 30;
const maxTracebackLines = 500;
const maxLineLength = 5000;
const contextLines = 2;

/** Turns what a cell threw, or what the compiler found in it, into the error that clients show. */
export class ErrorReporter {
  /** @param masks what paths become in errors */
  constructor(
    private readonly masks: readonly PathMask[],
    private readonly cells: CellSources,
  ) {}

  /**
   * A thrown value: name, message, mapped frames, the line it came from, and its causes. Never throws, whatever was
   * thrown.
   */
  thrown(error: unknown): ErrorContent {
    return withOwnStacks(() => {
      const read = readError(error);
      if (read === undefined) {
        const shown = this.mask(inspectValue(error));
        return { ename: "Thrown", evalue: shown, traceback: [`${red("Thrown")}: ${shown}`] };
      }
      const traceback = this.describe(error, read, new Set());
      return { ename: read.name, evalue: this.mask(read.message), traceback: boundedLines(traceback) };
    });
  }

  /** An interrupted cell. @param detail what the interrupted work said of itself */
  interrupted(detail?: unknown): ErrorContent {
    return withOwnStacks(() => {
      const read = readError(detail);
      const evalue = read === undefined ? "the cell was interrupted" : this.mask(read.message);
      const frames = read === undefined ? [] : this.framesOf(read);
      return { ename: interruptedName, evalue, traceback: [`${red(interruptedName)}: ${evalue}`, ...frames] };
    });
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

  /** @param seen what is described already: causes can go in circles */
  private describe(error: unknown, read: ThrownError, seen: Set<unknown>): string[] {
    seen.add(error);
    const { name, message, place, extra, cause, errors } = read;
    const head = message === "" ? red(name) : `${red(name)}: ${this.mask(message)}`;
    const shownPlace = isMachinery(place) ? [] : place.map((line) => this.mask(line));
    const lines = [...shownPlace, head, ...this.framesOf(read)];
    if (extra !== "") lines.push(this.mask(extra));
    for (const [index, inner] of errors.slice(0, maxErrors).entries())
      lines.push("", ...this.related(`error ${index + 1} of ${errors.length}:`, inner, seen));
    if (cause !== undefined) lines.push("", ...this.related("caused by", cause, seen));
    return lines;
  }

  private related(label: string, error: unknown, seen: Set<unknown>): string[] {
    const read = readError(error);
    if (read === undefined) return [`${grey(label)} ${this.mask(inspectValue(error))}`];
    if (seen.has(error) || seen.size > maxRelated) return [`${grey(label)} ${read.name}: ${this.mask(read.message)}`];
    return [grey(label), ...this.describe(error, read, seen)];
  }

  /** The frames, and the code at the topmost that lies in a cell. */
  private framesOf(read: ThrownError): string[] {
    const place = placeInCell(read.frames);
    const code = place && this.cells.code(place.cell);
    const shown = place && read.isOurs ? this.withoutInside(read.frames) : read.frames;
    return place && code !== undefined ? [...shown, ...excerpt(code, place.position, 1)] : [...shown];
  }

  /** An error of lib says itself what is wrong: where in lib it was found is nothing that a person can change. */
  private withoutInside(frames: readonly string[]): readonly string[] {
    const inside = `${this.mask(libFolder())}/`;
    const isInside = (frame: string) => frame.includes(inside) || frame.includes("(<anonymous>)");
    const outside = frames.findIndex((frame) => !isInside(frame));
    if (outside < 2) return frames;
    return [
      grey(`    … ${outside} frames of recsys-unlearning, which the error's stack has`),
      ...frames.slice(outside),
    ];
  }

  private mask(text: string): string {
    return maskPaths(text, this.masks);
  }
}

/** No more lines than a person reads. */
function boundedLines(lines: readonly string[]): string[] {
  const all = lines.flatMap((line) => line.split("\n")).map((line) => cutText(line, { characters: maxLineLength }));
  const more = all.length - maxTracebackLines;
  return more <= 0 ? all : [...all.slice(0, maxTracebackLines), grey(`… ${more.toLocaleString("en")} more lines`)];
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
  return withOwnStacks(() => placeInCell(readError(error)?.frames ?? [])?.cell);
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
