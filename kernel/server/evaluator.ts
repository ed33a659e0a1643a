import type { QuickInfo } from "@tslab/typescript-for-tslab";
import { type CompletionInfo, type Converter, createConverter, type Diagnostic } from "tslab/dist/converter";
import { createExecutor, type Executor } from "tslab/dist/executor";
import type { CellSources } from "./cell-sources";
import { takeMaps } from "./compiler";
import { awaitPrefix, hasTopLevelAwait } from "./top-level-await";

/** What became of a piece of code. */
export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "diagnosed"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly status: "thrown"; readonly error: unknown };

/** What one evaluation gathers while tslab's executor runs. */
interface Gathered {
  readonly name: string;
  value: unknown;
  diagnostics: readonly Diagnostic[];
  errors: unknown[];
}

/**
 * tslab's converter and executor with every form of top-level await, named cells, and outcomes instead of printed text.
 * `prepareCompiler` must have run before this module is loaded.
 */
export class Evaluator {
  private current: Gathered = { name: "", value: undefined, diagnostics: [], errors: [] };
  private readonly converter: Converter;
  private readonly executor: Executor;

  /** @param root the folder that imports are resolved from; it must be the current one */
  constructor(
    root: string,
    private readonly cells: CellSources,
  ) {
    this.converter = this.wrap(createConverter({ isJS: false, isBrowser: false }));
    const converters = { node: this.converter, browser: this.converter, close: () => this.converter.close() };
    this.executor = createExecutor(root, converters, {
      log: (value: unknown) => (this.current.value = value),
      // It prints the diagnostics as well, which the converter's wrapper has already.
      error: (error: unknown) => this.current.errors.push(error),
    });
  }

  /**
   * Compiles and runs code among the variables of the cells before it.
   *
   * @param name the script name that stacks show
   */
  async evaluate(name: string, code: string): Promise<Outcome> {
    const gathered: Gathered = { name, value: undefined, diagnostics: [], errors: [] };
    this.current = gathered;
    const succeeded = await this.executor.execute(code);
    if (gathered.diagnostics.length > 0) return { status: "diagnosed", diagnostics: gathered.diagnostics };
    return succeeded ? { status: "ok", value: gathered.value } : { status: "thrown", error: gathered.errors[0] };
  }

  /** Gives up an evaluation that waits, so that it can no longer change the variables. */
  abandon(): void {
    this.executor.interrupt();
  }

  inspect(code: string, position: number): QuickInfo | undefined {
    return this.executor.inspect(code, position);
  }

  complete(code: string, position: number): CompletionInfo {
    return this.executor.complete(code, position);
  }

  close(): void {
    this.executor.close();
  }

  private wrap(converter: Converter): Converter {
    return {
      ...converter,
      convert: (declarations, code) => {
        const prefixed = hasTopLevelAwait(code);
        const converted = converter.convert(declarations, prefixed ? awaitPrefix + code : code);
        const { name } = this.current;
        const compiledLines = converted.output?.split("\n").length ?? 0;
        this.cells.add(name, { code, prefixed, maps: takeMaps(), compiledLines });
        if (prefixed) converted.diagnostics.forEach(withoutPrefix);
        this.current.diagnostics = converted.diagnostics;
        const output = converted.output && `${converted.output}\n//# sourceURL=${name}`;
        return { ...converted, output };
      },
      addModule: (name, code, metadata) => {
        const diagnostics = converter.addModule(name, code, metadata);
        this.current.diagnostics = diagnostics;
        return diagnostics;
      },
    };
  }
}

function withoutPrefix(diagnostic: Diagnostic): void {
  if (diagnostic.fileName !== undefined) return;
  for (const position of [diagnostic.start, diagnostic.end]) {
    position.offset -= awaitPrefix.length;
    if (position.line === 0) position.character -= awaitPrefix.length;
  }
}
