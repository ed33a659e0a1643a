import type ts from "@tslab/typescript-for-tslab";
import { didYouMean, InvalidOptionError } from "recsys-unlearning/core";
import { typescriptCompiler } from "../typescript-compiler";
import { freeId, hasTag, type Notebook, type NotebookCell } from "./notebook-file";

/** A value a parameter can have: whatever JSON holds. */
export type ParameterValue = unknown;

/** The names that a notebook's cell tagged `parameters` declares, with their declared types where it gives any. */
export function declaredParameters(notebook: Notebook): Map<string, string | undefined> {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  const declared = new Map<string, string | undefined>();
  if (cell === undefined) return declared;
  const { createSourceFile, isIdentifier, isVariableStatement, ScriptTarget } = typescriptCompiler();
  const file = createSourceFile("parameters.ts", cell.source, ScriptTarget.ESNext, true);
  for (const statement of file.statements.filter(isVariableStatement))
    for (const declaration of statement.declarationList.declarations)
      if (isIdentifier(declaration.name)) declared.set(declaration.name.text, typeOf(declaration, file));
      else for (const name of namesIn(declaration.name)) declared.set(name, undefined);
  return declared;
}

/** The declared type; a bigint's is kept where only its value tells. */
function typeOf({ type, initializer }: ts.VariableDeclaration, file: ts.SourceFile): string | undefined {
  const isBigInt = initializer !== undefined && typescriptCompiler().isBigIntLiteral(initializer);
  return type?.getText(file) ?? (isBigInt ? "bigint" : undefined);
}

/** The names in a pattern, such as `{ rate, options: [first] }`. */
function namesIn(pattern: ts.BindingPattern): string[] {
  const { isIdentifier, isOmittedExpression } = typescriptCompiler();
  return pattern.elements.flatMap((element) => {
    if (isOmittedExpression(element)) return [];
    return isIdentifier(element.name) ? [element.name.text] : namesIn(element.name);
  });
}

/** A value as it is written into a cell. @throws InvalidOptionError for a number that JavaScript cannot hold */
function written(name: string, value: unknown, type: string | undefined): string {
  if (value instanceof ExactNumber) {
    if (type === "bigint") return `${value.text}n`;
    throw new InvalidOptionError(
      `${name}: JavaScript's numbers cannot hold ${value.text}; it would become ${Number(value.text)}`,
      {
        remedy: `declare the parameter as a bigint, or give a text: ${name}='"${value.text}"'`,
      },
    );
  }
  if (type === "bigint" && Number.isSafeInteger(value)) return `${String(value)}n`;
  return JSON.stringify(value);
}

/** A whole number that is too large to be a JavaScript number, as it was given. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

/**
 * The notebook with other parameters, by papermill's convention: a cell tagged `injected-parameters` right after the
 * one tagged `parameters`; one from an earlier run is replaced. Declared types are kept.
 *
 * @throws InvalidOptionError for a name that the notebook does not declare
 */
export function withParameters(notebook: Notebook, values: Readonly<Record<string, ParameterValue>>): Notebook {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const names = Object.keys(values);
  if (names.length === 0) return { ...notebook, cells };
  const declared = declaredParameters(notebook);
  for (const name of names)
    if (!declared.has(name))
      throw new InvalidOptionError(`the notebook has no parameter "${name}"`, {
        remedy: declared.size === 0 ? "tag a cell with parameters" : didYouMean(name, [...declared.keys()]),
      });
  const lines = names.map((name) => {
    const type = declared.get(name);
    const value = written(name, values[name], type);
    // Without a declared type, `let` widens: `const preset = "tiny"` would make `preset === "full"` a type error.
    return type === undefined ? `let ${name} = ${value};` : `const ${name}: ${type} = ${value};`;
  });
  const injected: NotebookCell = {
    cell_type: "code",
    id: freeId("injected-parameters", new Set(cells.map((cell) => cell.id))),
    metadata: { tags: ["injected-parameters"] },
    source: ["// Parameters of this run", ...lines].join("\n"),
    outputs: [],
    execution_count: null,
  };
  const at = cells.findIndex((cell) => hasTag(cell, "parameters")) + 1;
  return { ...notebook, cells: [...cells.slice(0, at), injected, ...cells.slice(at)] };
}
