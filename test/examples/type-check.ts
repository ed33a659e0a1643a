// Type-checks the examples of doc comments, all in one program, against the declarations of the build.
import ts from "typescript";
import { inRepository } from "recsys-unlearning/core";
import { areas, publicFunctions } from "./public-functions";

/** An example and where it stands. */
export interface Example {
  readonly where: string;
  readonly code: string;
}

/** What examples take for granted beside lib's own names: data, models and requests under their usual names. */
const given = `
import type { IfruSplit, PrefixSamples, SessionDataset, Sessions } from "recsys-unlearning/data";
import type { IfruPrepared } from "recsys-unlearning/ifru";
import type { Retrainable } from "recsys-unlearning/audits";
import type { LightGcn, RowUpdate, SessionModel } from "recsys-unlearning/models";
import type * as Training from "recsys-unlearning/training";
import type { MfFit, SessionUnlearningRequest } from "recsys-unlearning/training";
import type * as Data from "recsys-unlearning/data";
declare global {
  type Interactions = Data.Interactions;
  type UnlearningRequest = Training.UnlearningRequest;
  type Mf = import("recsys-unlearning/models").Mf;
  type OptionsOf<F extends import("recsys-unlearning/core").OptionFields> = import("recsys-unlearning/core").OptionsOf<F>;
  const interactions: Interactions, train: Interactions, valid: Interactions, test: Interactions;
  const split: IfruSplit, forgetRows: Int32Array, request: UnlearningRequest, updates: readonly RowUpdate[];
  const model: Mf, unlearned: Mf, retrained: Mf, retrainedAgain: Mf, answer: Mf, lightGcn: LightGcn;
  const unlearnedModels: readonly Mf[], retrainedModels: readonly Mf[], originals: readonly Mf[];
  const forgotten: Interactions, task: Retrainable, otherFit: MfFit;
  const original: MfFit, prepared: IfruPrepared;
  const sessionSplit: SessionDataset, sessions: Sessions, samples: PrefixSamples, gru: SessionModel;
  const eventRequest: SessionUnlearningRequest, ranks: Int32Array, otherRanks: Int32Array;
  const fit: MfFit, user: number, item: number, titleOf: (item: number) => string;
  const readFile: typeof import("node:fs/promises").readFile;
  const schema: import("zod").z.ZodType<{ readonly bound: number }>;
}
`;

const folder = inRepository("test", "examples");
const options: ts.CompilerOptions = {
  ...{
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  },
  ...{ lib: ["lib.es2022.d.ts", "lib.dom.d.ts"], types: ["node"], strict: true, noEmit: true, skipLibCheck: true },
};

/** @returns what is wrong, one line for each mistake; empty where all is well */
export function mistakesIn(examples: readonly Example[]): string[] {
  const files = new Map(examples.map(({ code }, k) => [`${folder}/example-${k}.ts`, `${code}\nexport {};\n`]));
  files.set(`${folder}/given.ts`, given + namesOfLib(examples));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path, k) => {
    const file = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((one) => {
      const { line } = file.getLineAndCharacterOfPosition(one.start ?? 0);
      const text = ts.flattenDiagnosticMessageText(one.messageText, "\n");
      return `${examples[k]?.where ?? "given"}, line ${line + 1}: ${text}`;
    });
  });
}

/** Every public function and method object under its own name, as if it had been imported; the first area's wins. */
function namesOfLib(examples: readonly Example[]): string {
  const used = examples.map(({ code }) => code).join("\n");
  const seen = new Set(["fit"]);
  const lines = areas().flatMap((area) =>
    valuesOf(area).flatMap((name) => {
      if (seen.has(name) || !new RegExp(`\\b${name}\\b`).test(used)) return [];
      seen.add(name);
      return [`  const ${name}: typeof import("recsys-unlearning/${area}").${name};`];
    }),
  );
  return `declare global {\n${lines.join("\n")}\n}\n`;
}

function valuesOf(area: string): string[] {
  const text = ts.sys.readFile(inRepository("lib", area, "index.ts")) ?? "";
  const blocks = [...text.matchAll(/^export \{([^}]*)\}/gm)].map(([, names]) => names);
  const names = blocks.join(",").split(",").map((name) => name.trim()).filter((name) => /^\w+$/.test(name)); // prettier-ignore
  return [...new Set([...names, ...publicFunctions(area).map(({ name }) => name.split(".")[0])])];
}
