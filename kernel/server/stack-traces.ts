import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve } from "node:path";
import type { CellSources } from "./cell-sources";

/** Frames that say nothing about the person's code: the kernel itself, tslab, and Node's inside. */
const machinery =
  /[\\/]tslab[\\/]dist[\\/]|[\\/](recsys-unlearning-)?kernel[\\/]dist[\\/]server[\\/]|^node:(internal|vm)|^evalmachine/;

/**
 * Makes every error's `stack` tell of the sources: cells by `cell[n]:line:column`, the project's files by their
 * TypeScript, all paths relative to the root. Unlike Node's own source map support it reads a map only when an error is
 * shown.
 *
 * @param root the folder of the checkout or project
 */
export function installStackTraces(root: string, cells: CellSources): void {
  const fileMaps = new Map<string, SourceMap | undefined>();

  /** The place in the sources, or `undefined` for code that nobody wrote. */
  function location(file: string, line: number, column: number): string | undefined {
    if (cells.has(file)) {
      const position = cells.original(file, { line, column });
      return position && `${file}:${position.line}:${position.column}`;
    }
    const entry = mapOf(file)?.findEntry(line - 1, column - 1);
    if (entry !== undefined && "originalSource" in entry) {
      const source = resolve(dirname(file), entry.originalSource);
      return `${relative(root, source)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    }
    return `${withoutRoot(file, root)}:${line}:${column}`;
  }

  /** The map beside a file that this project compiled. */
  function mapOf(file: string): SourceMap | undefined {
    if (!/[\\/](lib|kernel)[\\/]dist[\\/]/.test(file) || !file.startsWith(root)) return undefined;
    if (!fileMaps.has(file)) fileMaps.set(file, readMap(`${file}.map`));
    return fileMaps.get(file);
  }

  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.flatMap((site) => {
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
}

function headline(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an error that cannot be shown"; // its own toString throws
  }
}

function readMap(path: string): SourceMap | undefined {
  if (!existsSync(path)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(path, "utf8")) as ConstructorParameters<typeof SourceMap>[0]);
}

/** Text without the repository's path, so that outputs are the same on every machine. */
export function withoutRoot(text: string, root: string): string {
  return text.split(`file://${root}/`).join("").split(`${root}/`).join("");
}
