// What runs while the startup snapshot is made, and first in a process that starts from it. Node loads no modules while
// it makes one, so that all of this is one script (`script.ts`), and nothing is imported here but what has no state.
import type { createRequire as createRequireOfNode } from "node:module";
import { startupSnapshot } from "node:v8";
import type ts from "@tslab/typescript-for-tslab";
import { KeptFiles } from "./kept-files";

/** The compiler as the snapshot holds it. */
export interface KeptCompiler {
  /** Of its module. */
  readonly path: string;
  readonly compiler: typeof ts;
}

/** Where the kernel finds the compiler once, and takes it away: cells share the global object. */
export const keptCompilerName = "recsys-unlearning.compiler";

/** The program that is read into the snapshot. */
export interface KeptProgram {
  readonly options: ts.CompilerOptions;
  readonly files: readonly string[];
}

type ParseFile = KeptFiles["take"];

/**
 * @public of the script that a snapshot is made of
 * @param path of the compiler
 * @param load runs the compiler's code, which asks `take` before it parses
 */
export function makeSnapshot(
  path: string,
  load: (take: ParseFile) => typeof ts,
  { options, files }: KeptProgram,
): void {
  const kept = new KeptFiles();
  const { cwd } = process;
  process.cwd = neverCwd; // the compiler asks once and remembers
  const compiler = load(kept.take.bind(kept));
  const host = { ...compiler.createCompilerHost(options), getCurrentDirectory: () => "/" };
  const program = compiler.createProgram(files, options, host);
  program.getTypeChecker(); // binds
  process.cwd = cwd;
  kept.keep(program.getSourceFiles());
  const found: KeptCompiler = { path, compiler };
  Object.defineProperty(globalThis, Symbol.for(keptCompilerName), { value: found, configurable: true });
  const { Console } = console;
  startupSnapshot.setDeserializeMainFunction(() => {
    console.Console = Console; // the only thing of Node that does not outlive the making of a snapshot
    startMain();
  });
}

function neverCwd(): never {
  throw new Error("the folder in which a snapshot is made must not stand in it");
}

/** Starts the script that the command line names, as Node does without a snapshot. */
function startMain(): void {
  // What is started from here is not started from the snapshot.
  const at = process.execArgv.indexOf("--snapshot-blob");
  if (at >= 0) process.execArgv.splice(at, 2);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createRequire } = require("node:module") as { createRequire: typeof createRequireOfNode };
  const main = process.argv[1];
  createRequire(main)(main);
}
