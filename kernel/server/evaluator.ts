import { relative } from "node:path";
import { runInThisContext } from "node:vm";
import ts, { type QuickInfo } from "@tslab/typescript-for-tslab";
import {
  type CompletionInfo,
  type Converter,
  type ConvertResult,
  createConverter,
  type Diagnostic,
  esModuleToCommonJSModule,
} from "tslab/dist/converter";
import { withoutExports } from "./cell-exports";
import type { CellSources } from "./cell-sources";
import { CellRun, Variables } from "./cell-variables";
import { decodePlain, type PlainValue } from "../protocol/plain-values";
import type { Question } from "../protocol/message";
import { answerOf, answerOfCall, variableOf } from "./answers";
import { cellFileName, cellHeadLines, type EmittedFile, takeGathered, takeMaps } from "./compiler";
import type { Place } from "./compiler-files";
import { carried, valueNames } from "./declarations";
import { forgetHalfLoaded } from "./half-loaded";
import { LocalModules } from "./local-modules";
import { awaitPrefix, hasTopLevelAwait } from "./top-level-await";

/** What is left of a cell that did not run to its end. */
export interface Kept {
  /** The values that it had set, which stay. */
  readonly set: readonly string[];
  /** Those that it declares and had not set. */
  readonly missing: readonly string[];
}

/** What became of a piece of code. */
export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "diagnosed"; readonly diagnostics: readonly Diagnostic[] }
  /** While it was compiled; nothing of it has run. */
  | { readonly status: "interrupted" }
  | { readonly status: "thrown"; readonly error: unknown; readonly kept: Kept };

/** Who has to know when messages are not read: while the compiler runs, and a cell's synchronous code. */
export interface Watch {
  readonly beginCompiling: () => void;
  readonly endCompiling: () => void;
  readonly enterCell: () => void;
  readonly leaveCell: () => void;
  /** Whether an interrupt came meanwhile; asked once after each end. */
  readonly wasInterrupted: () => boolean;
  /** What is wrong with a cell's types and does not keep it from running. */
  readonly warn: (found: readonly Diagnostic[], name: string, code: string) => void;
}

/** A cell that runs. */
interface Running {
  readonly run: CellRun;
  /** What it declares. */
  readonly declarations: string;
  /** Ends the waiting for it. */
  readonly giveUp: () => void;
  /** Whether its synchronous code, up to its first await, has begun and not ended. */
  isInside: boolean;
}

const target = ts.ScriptTarget.ES2022;

/**
 * tslab's compiler with every form of top-level await, and an executor that keeps values and declarations together:
 * whatever a cell does, a name means what was last set under it. `prepareCompiler` must have run before this module is
 * loaded.
 */
export class Evaluator {
  private readonly converter: Converter;
  private readonly modules: LocalModules;
  private readonly variables = new Variables();
  /** A declaration file of what the cells so far have declared. */
  private declarations = "";
  private running: Running | undefined;

  /** @param place its folder must be the current one */
  constructor(
    private readonly place: Place,
    private readonly cells: CellSources,
    private readonly watch: Watch,
  ) {
    this.converter = createConverter({ isJS: false, isBrowser: false });
    this.modules = new LocalModules(place.folder, place.root, () => this.pause());
    this.publish(this.variables.values);
  }

  /**
   * Compiles and runs code among the variables of the cells before it.
   *
   * @param name the script name that stacks show
   */
  async evaluate(name: string, code: string): Promise<Outcome> {
    this.watch.beginCompiling();
    let compiled: ReturnType<Evaluator["compile"]>;
    try {
      compiled = this.compile(name, code);
    } finally {
      this.watch.endCompiling();
    }
    if (this.watch.wasInterrupted()) return { status: "interrupted" };
    const { converted, declarations, diagnostics, warnings } = compiled;
    if (warnings.length > 0) this.watch.warn(warnings, name, code);
    if (diagnostics.length > 0) return { status: "diagnosed", diagnostics };
    const run = new CellRun(this.variables, valueNames(declarations), converted.lastExpressionVar);
    let giveUp: () => void = () => undefined;
    const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
    const running = { run, declarations, giveUp, isInside: false };
    this.running = running;
    try {
      const ended = this.inside(running, () => this.start(name, converted, run));
      if (converted.hasToplevelAwait) await Promise.race([ended, givenUp]);
      this.end(run, true);
      return { status: "ok", value: run.result ?? undefined };
    } catch (error) {
      return { status: "thrown", error, kept: this.end(run, false) };
    }
  }

  /** Calls a function that cells have declared, or reads a variable. @returns the answer as `encodePlain` has it */
  async answer({ name, args }: Question): Promise<string> {
    const found = variableOf(this.variables.values, name);
    return args === undefined ? answerOf(found) : answerOfCall(found, name, decodePlain(args) as PlainValue[]);
  }

  /**
   * Whether an evaluation was ended in its synchronous code: then it left nothing that waits. To be asked while no code
   * of a cell is on the stack.
   */
  get isEnded(): boolean {
    return this.running?.isInside === true;
  }

  /** Gives up an evaluation that waits, so that it can no longer change the variables. */
  abandon(): Kept {
    const { running } = this;
    forgetHalfLoaded();
    if (running === undefined) return { set: [], missing: [] };
    const kept = this.end(running.run, false);
    running.giveUp();
    return kept;
  }

  inspect(code: string, position: number): QuickInfo | undefined {
    return this.converter.inspect(this.declarations, code, position);
  }

  complete(code: string, position: number): CompletionInfo {
    return this.converter.complete(this.declarations, code, position);
  }

  private compile(
    name: string,
    code: string,
  ): { converted: ConvertResult; declarations: string; diagnostics: Diagnostic[]; warnings: Diagnostic[] } {
    const prefixed = hasTopLevelAwait(code);
    const cell = withoutExports(code);
    takeGathered();
    const converted = this.converter.convert(this.declarations, prefixed ? awaitPrefix + cell : cell);
    const compiledLines = converted.output?.split("\n").length ?? 0;
    this.cells.add(name, { label: name, code, prefixed, linesBefore: 1, maps: takeMaps(), compiledLines });
    const { declarations, files, foreign, forgiven } = takeGathered();
    this.modules.update(files.map((file) => this.compiledFile(file)));
    const diagnostics = [...converted.diagnostics, ...foreign.map((one) => diagnosticOf(one, this.place.folder))];
    const warnings = forgiven.map((one) => diagnosticOf(one, this.place.folder));
    if (prefixed) [...diagnostics, ...warnings].forEach(withoutPrefix);
    return { converted, declarations, diagnostics, warnings };
  }

  private compiledFile({ path, code }: EmittedFile): EmittedFile {
    const compiled = esModuleToCommonJSModule(code, target);
    const compiledLines = compiled.split("\n").length;
    const label = path.replace(/\.js$/, ".ts");
    this.cells.add(path, { label, code: "", prefixed: false, linesBefore: 0, maps: takeMaps(), compiledLines });
    return { path, code: compiled };
  }

  /** Runs compiled code; a promise where it awaits. */
  private start(name: string, { output, hasToplevelAwait }: ConvertResult, { exports }: CellRun): unknown {
    if (output === undefined || output === "") return undefined;
    this.publish(exports);
    const head = `(${hasToplevelAwait ? "async " : ""}function(exports, require) { `;
    const code = `${head}${output}\n//# sourceURL=${name}\n})(__tslab__.exports, __tslab__.require)`;
    return runInThisContext(code, { breakOnSigint: true });
  }

  /** Runs a cell's synchronous code. Where its execution is ended, no `finally` is reached. */
  private inside<T>(running: Running, work: () => T): T {
    running.isInside = true;
    this.watch.enterCell();
    try {
      return work();
    } finally {
      this.watch.leaveCell();
      running.isInside = false;
    }
  }

  /** While a cell's synchronous code loads a module: half of one is worse than a wait. @returns ends that */
  private pause(): () => void {
    if (this.running?.isInside !== true) return () => undefined;
    this.watch.leaveCell();
    return () => this.watch.enterCell();
  }

  /**
   * Where compiled cells, and lib's `reload`, find the variables; set again each time, in case a cell has removed it.
   */
  private publish(exports: Record<string, unknown>): void {
    const value = { exports, require: this.modules.require };
    Object.defineProperty(globalThis, "__tslab__", { value, configurable: true, writable: true });
  }

  /** Ends a run, once, and carries on what it has declared. */
  private end(run: CellRun, complete: boolean): Kept {
    const { running } = this;
    const set = run.end(complete);
    if (running?.run === run) {
      this.declarations = carried(this.declarations, running.declarations, complete ? undefined : set);
      this.running = undefined;
    }
    return { set: [...set], missing: complete ? [] : run.missing };
  }
}

/** A diagnostic as tslab has it: one of the cell itself names no file. */
function diagnosticOf(
  { file, start = 0, length = 0, messageText, category, code }: ts.Diagnostic,
  folder: string,
): Diagnostic {
  const fileName = relative(folder, file?.fileName ?? "");
  const isCell = fileName === cellFileName;
  const position = (offset: number) => {
    const { line, character } = file?.getLineAndCharacterOfPosition(offset) ?? { line: 0, character: 0 };
    const head = isCell ? (file?.getPositionOfLineAndCharacter(cellHeadLines, 0) ?? 0) : 0;
    return { offset: offset - head, line: isCell ? line - cellHeadLines : line, character };
  };
  return {
    ...{ start: position(start), end: position(start + length), category, code },
    messageText: ts.flattenDiagnosticMessageText(messageText, "\n"),
    ...(isCell ? {} : { fileName }),
  };
}

function withoutPrefix(diagnostic: Diagnostic): void {
  if (diagnostic.fileName !== undefined) return;
  for (const position of [diagnostic.start, diagnostic.end]) {
    position.offset -= awaitPrefix.length;
    if (position.line === 0) position.character -= awaitPrefix.length;
  }
}
