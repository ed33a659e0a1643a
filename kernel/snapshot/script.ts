import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withOwnGlobals } from "../server/own-globals";
import type { KeptProgram } from "./inside";

/** Where the compiler makes a file of a text. Asked first, the kept files save the work. */
const parsing =
  "function createSourceFile(fileName, sourceText, languageVersionOrOptions, setParentNodes = false, scriptKind) {";
const asking = "const kept = setParentNodes ? undefined : takeKept(fileName, sourceText, languageVersionOrOptions);";

/**
 * The script that Node makes the startup snapshot of: our modules and the compiler in one, since it loads no modules
 * then.
 *
 * @param compiler path of its module
 * @returns `undefined` where the compiler is another than the one whose text this knows
 */
export function snapshotScript(compiler: string, program: KeptProgram): string | undefined {
  const text = readFileSync(compiler, "utf8");
  if (text.split(parsing).length !== 2) return undefined;
  const asked = text.replace(parsing, `${parsing} ${asking} if (kept !== undefined) return kept;`);
  const built = (name: string) => readFileSync(join(__dirname, name), "utf8");
  return [
    "const modules = {};",
    // The compiler's own copies of Node's modules, as `own-world.ts` gives them.
    "const ask = (name) => modules[name] ?? require(name);",
    "const copy = (name) => modules['./own-globals'].copyOf(name, require(name));",
    // Loaded while a snapshot is made, Node 24's crypto ends the process that starts from it.
    "const crypto = { createHash: (algorithm) => copy('crypto').createHash(algorithm) };",
    "const own = (name) => (name === 'crypto' ? crypto : copy(name));",
    ...[
      ["./own-globals", "../server/own-globals.js"],
      ["./kept-files", "kept-files.js"],
      ["./inside", "inside.js"],
    ].map(([name, file]) => {
      const call = `(modules[${JSON.stringify(name)}] = {}, ask)`;
      return `(function (exports, require) {${built(file)}\n})${call};`;
    }),
    "const load = (takeKept) => { const module = { exports: {} };",
    `(function (exports, require, module, __filename, __dirname) {`,
    `${withOwnGlobals(asked, "modules['./own-globals'].ownGlobals")}`,
    `})(module.exports, own, module, ${JSON.stringify(compiler)}, ${JSON.stringify(dirname(compiler))});`,
    "return module.exports; };",
    `modules['./inside'].makeSnapshot(${JSON.stringify(compiler)}, load, ${JSON.stringify(program)});`,
  ].join("\n");
}
