import ts from "@tslab/typescript-for-tslab";
import { didYouMean, InvalidOptionError } from "recsys-unlearning/core";
import { hasTag, type Notebook, type NotebookCell } from "./notebook-file";

/** A value a parameter can have: whatever JSON holds. */
export type ParameterValue = unknown;

/** The names that a notebook's cell tagged `parameters` declares, with their declared types where it gives any. */
export function declaredParameters(notebook: Notebook): Map<string, string | undefined> {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  const file = ts.createSourceFile("parameters.ts", cell?.source ?? "", ts.ScriptTarget.ESNext, true);
  const declared = new Map<string, string | undefined>();
  for (const statement of file.statements.filter(ts.isVariableStatement))
    for (const declaration of statement.declarationList.declarations)
      if (ts.isIdentifier(declaration.name)) declared.set(declaration.name.text, declaration.type?.getText(file));
  return declared;
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
    const value = JSON.stringify(values[name]);
    // Without a declared type, `let` widens: `const preset = "tiny"` would make `preset === "full"` a type error.
    return type === undefined ? `let ${name} = ${value};` : `const ${name}: ${type} = ${value};`;
  });
  const injected: NotebookCell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: { tags: ["injected-parameters"] },
    source: ["// Parameters of this run", ...lines].join("\n"),
    outputs: [],
    execution_count: null,
  };
  const at = cells.findIndex((cell) => hasTag(cell, "parameters")) + 1;
  return { ...notebook, cells: [...cells.slice(0, at), injected, ...cells.slice(at)] };
}
