import { existsSync } from "node:fs";
import { join, parse, relative } from "node:path";
import type ts from "@tslab/typescript-for-tslab";
import { adaptSystem, libraryPath, type Place } from "./compiler-files";
import { repairTimers } from "./compiler-timers";
import { loadCompiler } from "./kept-compiler";
import { libraryFiles } from "./language-library";
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

/** One of the person's own files, compiled to a modern module. */
export interface EmittedFile {
  /** Of the TypeScript file, with the ending `.js`. */
  readonly path: string;
  readonly code: string;
}

/** What tslab's compiler has beside TypeScript's. */
interface TslabCompiler {
  getPreEmitDiagnosticsOfFiles(program: ts.Program, files: readonly ts.SourceFile[]): readonly ts.Diagnostic[];
}

/** What one compilation brings beside what tslab hands on. */
interface Gathered {
  declarations: string;
  files: EmittedFile[];
  foreign: ts.Diagnostic[];
  forgiven: ts.Diagnostic[];
}

const nothing = (): Gathered => ({ declarations: "", files: [], foreign: [], forgiven: [] });
let gathered = nothing();

/**
 * What was compiled since the last call: the declaration file of the cell alone, the local files it imports, and the
 * errors in those of them that do not lie below the notebook's folder; where types are lenient, errors of types.
 */
export function takeGathered(): Gathered {
  const taken = gathered;
  gathered = nothing();
  return taken;
}

/** What tslab calls the results of a cell. */
const outFolder = "outDir";
const cellNames = ["__tslab__.js", "__tslab__.d.ts"];
/** What tslab calls a cell, and how many lines of its own it puts before it. */
export const cellFileName = "__tslab__.ts";
export const cellHeadLines = 1;

/**
 * `RECSYS_TYPES=lenient`: wrong types are warnings, and the cell runs. For graded cells: code that is untyped but right
 * earns its marks. What cannot be read at all (TypeScript's errors below 2000) stays an error.
 */
const lenient = process.env["RECSYS_TYPES"] === "lenient";
const firstTypeError = 2000;

type Builder = ts.BuilderProgram;

/**
 * A program that emits with a transformer of ours before those it is given, and keeps no record of what a change
 * affects: tslab asks for diagnostics and output of single files. tslab takes what it emits for files below
 * the current folder; files may lie anywhere, so here they keep their full paths and are handed on past it.
 */
function emitAnywhere(compiler: typeof ts, builder: Builder, diskRoot: string): Builder {
  const emit: Builder["emit"] = (file, write, cancellation, declarationsOnly, transformers) => {
    const before = [writeOutShorthand(compiler, builder.getProgram().getTypeChecker())];
    const sort: ts.WriteFileCallback = (path, text, ...rest) => {
      const cellName = cellNames.find((name) => path.endsWith(`/${name}`));
      if (cellName?.endsWith(".d.ts")) gathered.declarations = text;
      if (cellName !== undefined) write?.(`${outFolder}/${cellName}`, text, ...rest);
      else if (path.endsWith(".js"))
        gathered.files.push({
          path: `${diskRoot}${path.slice(path.indexOf(`${outFolder}/`) + outFolder.length + 1)}`,
          code: text,
        });
    };
    return builder.emit(file, sort, cancellation, declarationsOnly, { ...transformers, before });
  };
  const getAllDependencies: Builder["getAllDependencies"] = (file) =>
    dependenciesOf(compiler, builder.getProgram(), file);
  return Object.assign(Object.create(builder) as Builder, { emit, getAllDependencies });
}

/**
 * The files that a file rests on, itself among them, of which tslab takes those that are no declarations. To find what
 * rests on what takes a third of a compilation, so that it is left where the file is the only one to be taken.
 */
function dependenciesOf(compiler: typeof ts, program: ts.Program, file: ts.SourceFile): readonly string[] {
  if (program.getSourceFiles().every((one) => one === file || one.isDeclarationFile)) return [file.fileName];
  return compiler.createSemanticDiagnosticsBuilderProgram(program, {}).getAllDependencies(file);
}

/** Of the module that tslab loads as its compiler. */
export function compilerPath(): string {
  return require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] });
}

/**
 * Has to run before any of tslab's modules is loaded. tslab offers no compiler options, so it is handed a copy of its
 * compiler whose entry points add ours: strict types, today's module resolution and library, files anywhere, shorthand
 * properties, and source maps.
 *
 * @param seen is given every program that is made
 */
export function prepareCompiler(place: Place, seen?: (program: ts.Program) => void): void {
  const path = compilerPath();
  const compiler = loadCompiler(path);
  const diskRoot = parse(place.folder).root.replaceAll("\\", "/");
  const types = join(place.root, "node_modules", "@types");
  const options: ts.CompilerOptions = {
    strict: true,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    inlineSourceMap: true,
    lib: libraryFiles,
    rootDir: diskRoot,
    ...(existsSync(types) ? { typeRoots: [types] } : {}),
  };
  type WatchHost = ts.WatchCompilerHostOfFilesAndCompilerOptions<Builder>;
  const createWatchCompilerHost = (
    roots: string[],
    given: ts.CompilerOptions,
    system: ts.System,
    _createProgram: unknown,
    ...rest: unknown[]
  ): WatchHost => {
    repairTimers(system);
    adaptSystem(system, place);
    const create = compiler.createWatchCompilerHost as (...all: unknown[]) => WatchHost;
    const all = [libraryPath(place.folder), ...roots];
    const host = create(all, { ...given, ...options }, system, compiler.createAbstractBuilder, ...rest);
    let afterProgramCreate: WatchHost["afterProgramCreate"];
    // tslab takes the program from this hook and emits with it.
    return Object.defineProperty(host, "afterProgramCreate", {
      get: () => (builder: Builder) => {
        builder.getProgram().getTypeChecker(); // binds: tslab reads what a cell declares
        seen?.(builder.getProgram());
        afterProgramCreate?.(emitAnywhere(compiler, builder, diskRoot));
      },
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
  const { getPreEmitDiagnosticsOfFiles } = compiler as unknown as TslabCompiler;
  const diagnose: TslabCompiler["getPreEmitDiagnosticsOfFiles"] = (program, files) => {
    const all = getPreEmitDiagnosticsOfFiles(program, files);
    const found = lenient ? all.filter(({ code }) => code < firstTypeError) : all;
    // Those without a file are about the options.
    gathered.forgiven = all.filter((one) => one.file !== undefined && !found.includes(one));
    // tslab passes over those outside of the current folder.
    gathered.foreign = found.filter(
      ({ file }) => file !== undefined && relative(place.folder, file.fileName).startsWith(".."),
    );
    return found;
  };
  const copy: unknown = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(compiler),
      createWatchCompilerHost: { value: createWatchCompilerHost, enumerable: true },
      transpileModule: { value: transpileModule, enumerable: true },
      getPreEmitDiagnosticsOfFiles: { value: diagnose, enumerable: true },
    },
  );
  const loaded = require.cache[path];
  if (loaded !== undefined) loaded.exports = copy;
}
