import type ts from "@tslab/typescript-for-tslab";
import { repairTimers } from "./compiler-timers";
import { writeOutShorthand } from "./shorthand";

/** The source maps of one compiled cell: tslab compiles twice, TypeScript to modern modules, then those to CommonJS. */
export interface CellMaps {
  /** From the first stage's output to the cell's source. */
  readonly first: string;
  /** From the second stage's output to the first's. */
  readonly second: string;
}

const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;
const mapComment = /\n?\/\/# sourceMappingURL=\S*\s*$/;

let lastMaps: CellMaps | undefined;

/** The maps of what was compiled last. */
export function takeMaps(): CellMaps | undefined {
  const maps = lastMaps;
  lastMaps = undefined;
  return maps;
}

type Builder = ts.EmitAndSemanticDiagnosticsBuilderProgram;

/** A program that emits with a transformer of ours before those it is given. */
function emitWithShorthand(compiler: typeof ts, builder: Builder): Builder {
  const emit: Builder["emit"] = (file, write, cancellation, declarationsOnly, transformers) => {
    const before = [writeOutShorthand(compiler, builder.getProgram().getTypeChecker())];
    return builder.emit(file, write, cancellation, declarationsOnly, { ...transformers, before });
  };
  return Object.assign(Object.create(builder) as Builder, { emit });
}

/**
 * Has to run before any of tslab's modules is loaded. tslab offers no compiler options, so it is handed a copy of its
 * compiler whose entry points add ours: strict types, today's module resolution, shorthand properties, and source maps.
 */
export function prepareCompiler(): void {
  const path = require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const compiler = require(path) as typeof ts;
  const options: ts.CompilerOptions = {
    strict: true,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    inlineSourceMap: true,
  };
  type WatchHost = ts.WatchCompilerHostOfFilesAndCompilerOptions<Builder>;
  const createWatchCompilerHost = (
    roots: string[],
    given: ts.CompilerOptions,
    system: ts.System,
    ...rest: unknown[]
  ): WatchHost => {
    repairTimers(system);
    const create = compiler.createWatchCompilerHost as (...all: unknown[]) => WatchHost;
    const host = create(roots, { ...given, ...options }, system, ...rest);
    let afterProgramCreate: WatchHost["afterProgramCreate"];
    // tslab takes the program from this hook and emits with it.
    return Object.defineProperty(host, "afterProgramCreate", {
      get: () => (builder: Builder) => afterProgramCreate?.(emitWithShorthand(compiler, builder)),
      set: (hook: WatchHost["afterProgramCreate"]) => (afterProgramCreate = hook),
    });
  };
  const transpileModule = (code: string, given: ts.TranspileOptions): ts.TranspileOutput => {
    const first = inlineMap.exec(code)?.[1];
    const compilerOptions = { ...given.compilerOptions, sourceMap: true };
    const result = compiler.transpileModule(code.replace(mapComment, ""), { ...given, compilerOptions });
    lastMaps =
      first === undefined || result.sourceMapText === undefined
        ? undefined
        : { first: Buffer.from(first, "base64").toString("utf8"), second: result.sourceMapText };
    return { ...result, outputText: result.outputText.replace(mapComment, "\n") };
  };
  const copy: unknown = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(compiler),
      createWatchCompilerHost: { value: createWatchCompilerHost, enumerable: true },
      transpileModule: { value: transpileModule, enumerable: true },
    },
  );
  const loaded = require.cache[path];
  if (loaded !== undefined) loaded.exports = copy;
}
