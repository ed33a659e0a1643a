import { SourceMap } from "node:module";
import { awaitPrefix } from "./top-level-await";
import type { CellMaps } from "./compiler";

/** A place in a cell's source; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface CellSource {
  /** How stacks call it. */
  readonly label: string;
  /** Empty for a file of the person's own, which stands on disk. */
  readonly code: string;
  /** Whether `await null;` was put before the code. */
  readonly prefixed: boolean;
  /** Lines that tslab puts before the code: `export {};` before every cell. */
  readonly linesBefore: number;
  readonly maps: CellMaps | undefined;
  /** How many lines the compiled code has; what is past them is the call that tslab puts around it. */
  readonly compiledLines: number;
}

/**
 * The sources of what was compiled, cells and the person's own files, so that errors can point into them. They are
 * known by the script names that the engine sees.
 */
export class CellSources {
  private readonly cells = new Map<string, CellSource>();

  add(name: string, source: CellSource): void {
    this.cells.set(name, source);
  }

  code(name: string): string | undefined {
    return this.cells.get(name)?.code;
  }

  label(name: string): string | undefined {
    return this.cells.get(name)?.label;
  }

  has(name: string): boolean {
    return this.cells.has(name);
  }

  /**
   * Where in the cell's TypeScript a place of its compiled code comes from, or `undefined` where it was not the person
   * who wrote it.
   */
  original(name: string, compiled: Position): Position | undefined {
    const cell = this.cells.get(name);
    if (cell?.maps === undefined || compiled.line > cell.compiledLines) return undefined;
    const modern = lookUp(cell.maps.second, compiled.line - 1, compiled.column - 1);
    const source = modern && lookUp(cell.maps.first, modern.line, modern.column);
    if (source === undefined || source.line < cell.linesBefore) return undefined;
    const line = source.line - cell.linesBefore + 1;
    const shift = cell.prefixed && line === 1 ? awaitPrefix.length : 0;
    return { line, column: Math.max(1, source.column + 1 - shift) };
  }
}

/** One step through a source map; all counted from 0. */
function lookUp(map: string, line: number, column: number): Position | undefined {
  const entry = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]).findEntry(line, column);
  return "originalLine" in entry && typeof entry.originalLine === "number"
    ? { line: entry.originalLine, column: entry.originalColumn }
    : undefined;
}
