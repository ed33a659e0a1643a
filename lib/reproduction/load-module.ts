import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { compileFunction } from "node:vm";
import type * as TypeScript from "typescript";
import { announce, InvalidDataError, NotFoundError } from "../core";

/** TypeScript's compiler, which a checkout has and a package need not. */
function compiler(path: string): typeof TypeScript {
  for (const from of [path, __filename])
    try {
      return createRequire(from)("typescript") as typeof TypeScript;
    } catch {
      continue; // looked for beside the file first, then here
    }
  throw new NotFoundError("TypeScript is not installed", {
    where: path,
    remedy: "npm install --save-dev typescript@5, or give a JavaScript file",
  });
}

/** How a module of one's own is compiled. @param lib where the types of recsys-unlearning are */
function optionsOf(ts: typeof TypeScript, lib: string): TypeScript.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    ...{ strict: true, esModuleInterop: true, skipLibCheck: true, noEmit: true },
    typeRoots: [join(dirname(lib), "node_modules", "@types"), join(lib, "node_modules", "@types")],
    types: ["node"],
    baseUrl: lib,
    paths: { "recsys-unlearning": ["dist/index.d.ts"], "recsys-unlearning/*": ["dist/*/index.d.ts"] },
  };
}

/**
 * Checks the types of a TypeScript module and of what it imports.
 *
 * @param lib the folder of this package
 * @throws InvalidDataError naming file and line of each error, the first twenty
 * @throws NotFoundError when there is no such file, or no TypeScript
 * @example
 * checkModule("my-parts.ts", "/my/project/node_modules/recsys-unlearning");
 */
export function checkModule(path: string, lib: string): void {
  requireFile(path);
  if (extname(path) !== ".ts") return announce(`${path}: JavaScript is not type-checked`);
  const ts = compiler(path);
  const program = ts.createProgram([path], optionsOf(ts, lib));
  const errors = ts.getPreEmitDiagnostics(program);
  if (errors.length === 0) return;
  const lines = errors.slice(0, 20).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, " ").replace(/\s+/g, " ");
    const place =
      file === undefined ? "" : `${file.fileName}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: `;
    return `${place}${text}`;
  });
  throw new InvalidDataError(`the module has ${errors.length} type errors\n${lines.join("\n")}`, {
    where: path,
    remedy: "correct them, or give a JavaScript file, which is not checked",
  });
}

function requireFile(path: string): void {
  if (existsSync(path)) return;
  throw new NotFoundError("there is no such file", { where: path, remedy: "give the path of your module" });
}

const loaded = new Map<string, Record<string, unknown>>();

/**
 * Loads a module of one's own, TypeScript or CommonJS. It may import `recsys-unlearning/…`, which is this package
 * wherever the file lies, modules beside it, and what is installed where it lies. Types are not checked again.
 *
 * @param lib the folder of this package
 * @throws NotFoundError when there is no such file
 * @throws InvalidDataError for a file of another kind
 */
export function loadModule(path: string, lib: string): Record<string, unknown> {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  requireFile(path);
  const text = readFileSync(path, "utf8");
  if (!/^\.[cm]?[jt]s$/.test(extname(path)))
    throw new InvalidDataError("this is no module", { where: path, remedy: "give a .ts, .js or .cjs file" });
  const module = { exports: {} as Record<string, unknown> };
  loaded.set(path, module.exports);
  const run = compileFunction(
    extname(path) === ".ts" ? javascriptOf(path, text, lib) : text,
    ["exports", "require", "module", "__filename", "__dirname"],
    { filename: path },
  ) as (...args: unknown[]) => void;
  try {
    run(module.exports, (name: string) => required(name, path, lib), module, path, dirname(path));
  } catch (error) {
    loaded.delete(path); // half of it is not handed out the next time
    throw error;
  }
  loaded.set(path, module.exports);
  return module.exports;
}

function javascriptOf(path: string, text: string, lib: string): string {
  const ts = compiler(path);
  const compilerOptions = { ...optionsOf(ts, lib), noEmit: false, inlineSourceMap: true };
  return ts.transpileModule(text, { fileName: path, compilerOptions }).outputText;
}

function required(name: string, from: string, lib: string): unknown {
  const own = /^recsys-unlearning(?:\/([\w-]+))?$/.exec(name);
  if (own !== null) return createRequire(from)(join(lib, "dist", own[1] ?? "", "index.js"));
  const beside = resolve(dirname(from), name);
  const found = name.startsWith(".") ? [beside, `${beside}.ts`, beside.replace(/\.js$/, ".ts")] : [];
  const source = found.find((file) => extname(file) === ".ts" && existsSync(file));
  return source === undefined ? createRequire(from)(name) : loadModule(source, lib);
}
