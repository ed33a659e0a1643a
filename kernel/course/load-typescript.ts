import { readFileSync, existsSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { InvalidDataError } from "recsys-unlearning/core";
import { inProject } from "../folders";
import { typescriptCompiler } from "../typescript-compiler";

interface Loadable extends NodeJS.Module {
  _compile(code: string, path: string): void;
}

/**
 * Loads a TypeScript file of an assignment, and the TypeScript beside it that it imports. Types are dropped, not
 * checked. Packages are found from the checkout or project, wherever the assignment lies.
 *
 * @throws InvalidDataError where it cannot be compiled
 */
export function loadTypeScript(path: string, loaded: Map<string, unknown> = new Map()): unknown {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const ts = typescriptCompiler();
  const { outputText, diagnostics = [] } = ts.transpileModule(readFileSync(path, "utf8"), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
    fileName: path,
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0)
    throw new InvalidDataError(ts.flattenDiagnosticMessageText(diagnostics[0].messageText, "\n"), { where: path });
  const file = new Module(path) as Loadable;
  const { exports } = file;
  loaded.set(path, exports);
  file.filename = path;
  const packages = createRequire(inProject("package.json"));
  file.require = ((request: string) => {
    if (!request.startsWith(".")) return packages(request) as unknown;
    const beside = typeScriptAt(resolve(dirname(path), request));
    return beside === undefined ? (createRequire(path)(request) as unknown) : loadTypeScript(beside, loaded);
  }) as NodeJS.Require;
  file._compile(outputText, path);
  loaded.set(path, file.exports);
  return file.exports;
}

function typeScriptAt(path: string): string | undefined {
  return [path, `${path}.ts`, path.replace(/\.js$/, ".ts"), join(path, "index.ts")].find(
    (candidate) => candidate.endsWith(".ts") && existsSync(candidate),
  );
}
