import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { maskPaths, type PathMask } from "../path-masks";
import type { CellSources } from "./cell-sources";
import { inspectValue, peek } from "./inspection";

/** Frames that say nothing about the person's code: the kernel itself, tslab, and Node's inside. */
const machinery =
  /[\\/]tslab[\\/]dist[\\/]|[\\/](recsys-unlearning-)?kernel[\\/]dist[\\/]server[\\/]|^node:(internal|vm)|^evalmachine/;

/** Whether a place that Node puts before a stack, `file:line` and the line's code, lies in code that nobody wrote. */
export function isMachinery([first = ""]: readonly string[]): boolean {
  return machinery.test(first);
}

/** The module that calls cells. */
const theCall = /[\\/](recsys-unlearning-)?kernel[\\/]dist[\\/]server[\\/]evaluator\.js$/;

/**
 * Makes every error's `stack` tell of the sources: cells by `cell[n]:line:column`, the project's files by their
 * TypeScript, all paths masked. Unlike Node's own source map support it reads a map only when an error is shown.
 *
 * @param root the folder of the checkout or project
 * @param masks what paths become
 */
export function installStackTraces(root: string, masks: readonly PathMask[], cells: CellSources): void {
  const fileMaps = new Map<string, SourceMap | undefined>();

  /** The place in the sources, or `undefined` for code that nobody wrote. */
  function location(file: string, line: number, column: number): string | undefined {
    if (cells.has(file)) {
      const position = cells.original(file, { line, column });
      return position && `${maskPaths(cells.label(file) ?? file, masks)}:${position.line}:${position.column}`;
    }
    const entry = mapOf(file)?.findEntry(line - 1, column - 1);
    if (entry !== undefined && "originalSource" in entry) {
      const source = resolve(dirname(file), entry.originalSource);
      return `${maskPaths(source, masks)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    }
    return `${maskPaths(file, masks)}:${line}:${column}`;
  }

  /** The map beside a file that this project compiled. */
  function mapOf(file: string): SourceMap | undefined {
    if (!/[\\/](lib|kernel)[\\/]dist[\\/]/.test(file) || !file.startsWith(root)) return undefined;
    if (!fileMaps.has(file)) fileMaps.set(file, readMap(`${file}.map`));
    return fileMaps.get(file);
  }

  const describe: StackTrace = (error, sites) => {
    // Below the call of a cell lies only what has led to it: sockets, queue, compiler.
    const call = sites.findIndex((site) => theCall.test(site.getScriptNameOrSourceURL() ?? ""));
    const frames = (call < 0 ? sites : sites.slice(0, call)).flatMap((site) => {
      const file = site.getScriptNameOrSourceURL() ?? "";
      const text = String(site);
      if (machinery.test(file) || text.startsWith("async Promise.race")) return [];
      const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0];
      const place = location(file, line, column);
      // Variables of earlier cells are reached through a proxy, which the engine takes for the object of a method call.
      return place === undefined
        ? []
        : [`    at ${text.replace(`${file}:${line}:${column}`, place).replace(/\bProxy\./, "")}`];
    });
    return [headline(error), ...frames].join("\n");
  };
  own = describe;
  // What loads a module for a cell takes ten frames by itself.
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = describe;
}

type StackTrace = NonNullable<typeof Error.prepareStackTrace>;

let own: StackTrace | undefined;

/** Takes back what a cell has put in the place of the kernel's way to write stacks. */
export function restoreStackTraces(): void {
  Reflect.set(Error, "prepareStackTrace", own);
}

/** Runs with the kernel's own way to write stacks, where a cell has set another, which may throw. */
export function withOwnStacks<T>(read: () => T): T {
  const theirs = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Reflect.set(Error, "prepareStackTrace", own);
  try {
    return read();
  } finally {
    if (theirs === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Reflect.defineProperty(Error, "prepareStackTrace", theirs);
  }
}

/** As `Error.prototype.toString` has it, for objects that only look like errors (`console.trace` makes one), too. */
function headline(error: unknown): string {
  const read = (key: string, otherwise: string): string => {
    const value = peek(error, key);
    return value === undefined ? otherwise : typeof value === "string" ? value : inspectValue(value);
  };
  const [name, message] = [read("name", "Error"), read("message", "")];
  return message === "" ? name : name === "" ? message : `${name}: ${message}`;
}

function readMap(path: string): SourceMap | undefined {
  if (!existsSync(path)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(path, "utf8")) as ConstructorParameters<typeof SourceMap>[0]);
}
