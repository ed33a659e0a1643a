// Writes lib/dist/code.json: of every module of lib the hash of its JavaScript without comments, and the modules it
// imports from. An import through an index counts as one of the module that defines the name, so that the code version
// of a run covers what it uses.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import ts from "typescript";

const sha256 = (content) => createHash("sha256").update(content).digest("hex").slice(0, 16);

/** Modules by name, such as `ifru/solve`. */
function modulesOf(lib) {
  const names = readdirSync(lib, { recursive: true })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => file.endsWith(".ts") && !/^(dist|node_modules|engine\/assembly)\//.test(file));
  return new Map(names.map((file) => [file.slice(0, -3), parse(join(lib, file), file.slice(0, -3))]));
}

/** What a module imports and exports, as it is written: `names` is `null` where everything is meant. */
function parse(path, name) {
  const text = readFileSync(path, "utf8");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const module = { path, text, imports: [], exports: new Map() };
  const target = (node) => (node?.text.startsWith(".") ? posix.join(posix.dirname(name), node.text) : undefined);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      const from = target(statement.moduleSpecifier);
      if (from === undefined || clause?.isTypeOnly === true) continue;
      const bindings = clause?.namedBindings;
      const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : null;
      const names = named?.filter((one) => !one.isTypeOnly).map((one) => (one.propertyName ?? one.name).text) ?? null;
      if (names === null || names.length > 0) module.imports.push({ from, names });
    } else if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) {
      const from = target(statement.moduleSpecifier);
      if (from === undefined) continue;
      if (statement.exportClause === undefined || ts.isNamespaceExport(statement.exportClause))
        module.imports.push({ from, names: null });
      else
        for (const one of statement.exportClause.elements.filter((element) => !element.isTypeOnly))
          module.exports.set(one.name.text, { from, name: (one.propertyName ?? one.name).text });
    }
  }
  const visit = (node) => {
    const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const from = isImport && ts.isStringLiteral(node.arguments[0]) ? target(node.arguments[0]) : undefined;
    if (from !== undefined) module.imports.push({ from, names: null });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return module;
}

function edgesOf(module, modules) {
  const found = new Set();
  const resolve = (from) =>
    modules.has(from) ? from : modules.has(posix.join(from, "index")) ? posix.join(from, "index") : undefined;
  const follow = (from, name) => {
    const target = resolve(from);
    if (target === undefined) return;
    const passedOn = name === null ? undefined : modules.get(target).exports.get(name);
    if (passedOn !== undefined) return follow(passedOn.from, passedOn.name);
    found.add(target);
    if (name === null) for (const one of modules.get(target).exports.values()) follow(one.from, one.name);
  };
  for (const { from, names } of module.imports)
    if (names === null) follow(from, null);
    else for (const name of names) follow(from, name);
  return [...found].sort();
}

/** The emitted JavaScript without comments: what a comment or a type changes is no other code. */
export function javaScriptOf(text) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** The modules that each module of a folder imports from, for tests. */
export function importedFrom(lib) {
  const modules = modulesOf(lib);
  return Object.fromEntries([...modules].map(([name, module]) => [name, edgesOf(module, modules)]));
}

/** @param root of the checkout */
export function writeCodeGraph(root) {
  const [lib, out] = [join(root, "lib"), join(root, "lib/dist/code.json")];
  const modules = modulesOf(lib);
  const wasm = readdirSync(join(lib, "dist/engine")).filter((file) => file.endsWith(".wasm"));
  const inputs = [...modules.values()]
    .map(({ path }) => path)
    .concat(wasm.map((file) => join(lib, "dist/engine", file)));
  const known = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")).modules : {};
  const script = join(root, "scripts/code-graph.mjs");
  const isFresh =
    existsSync(out) && [script, ...inputs].every((path) => statSync(path).mtimeMs <= statSync(out).mtimeMs);
  if (isFresh && Object.keys(known).length === inputs.length) return;
  const entries = [...modules].map(([name, module]) => [
    name,
    { hash: sha256(javaScriptOf(module.text)), imports: [...edgesOf(module, modules), ...operationsOf(module, wasm)] },
  ]);
  const binaries = wasm.map((file) => [
    `engine/${file}`,
    { hash: sha256(readFileSync(join(lib, "dist/engine", file))), imports: [] },
  ]);
  const sorted = [...entries, ...binaries].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(out, JSON.stringify({ version: 1, modules: Object.fromEntries(sorted) }) + "\n");
}

/** The compiled modules whose files a module names. */
function operationsOf({ text }, wasm) {
  return wasm.filter((file) => text.includes(`"${file}"`)).map((file) => `engine/${file}`);
}
