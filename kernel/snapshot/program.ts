// Prints, as JSON, the program that every kernel of this project begins with: its options and its library files, and
// those that a cell adds which imports lib.
import "../server/own-world";
import { existsSync } from "node:fs";
import type ts from "@tslab/typescript-for-tslab";
import { projectFolder } from "../folders";
import { prepareCompiler } from "../server/compiler";
import type { KeptProgram } from "./inside";

let last: ts.Program | undefined;
const root = projectFolder();
process.chdir(root);
prepareCompiler({ folder: root, root }, (program) => (last = program));
// Loaded only now, as by the kernel.
void import("tslab/dist/converter.js").then(({ createConverter }) => {
  const converter = createConverter({ isJS: false, isBrowser: false });
  converter.convert("", 'import * as all from "recsys-unlearning";\nall;');
  const files = last?.getSourceFiles().map(({ fileName }) => fileName) ?? [];
  const program: KeptProgram = {
    options: last?.getCompilerOptions() ?? {},
    files: files.filter((file) => existsSync(file)),
  };
  console.log(JSON.stringify(program));
  converter.close();
});
