import ts from "@tslab/typescript-for-tslab";

/**
 * tslab allows top-level await by forgiving one diagnostic, which TypeScript gives only where it read `await` as a
 * keyword. In a cell whose only awaits are `await (…)`, `await […]`, `` await `…` `` or `for await` it reads a name
 * instead. A plain await at the head of the cell settles the matter.
 */
export const awaitPrefix = "await null;";

/** Whether code awaits outside every function, in any of the forms there are. */
export function hasTopLevelAwait(code: string): boolean {
  if (!/\bawait\b/.test(code)) return false;
  // With an export the file is a module, in which `await` is always a keyword.
  const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, ts.ScriptTarget.ESNext, true);
  return ts.forEachChild(file, awaits) ?? false;
}

/**
 * Whether a node awaits when it is evaluated. Bodies of functions and classes are evaluated later or have awaits of
 * their own.
 */
function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isFunctionLike(node)) return awaitsInName(node);
  if (ts.isClassLike(node)) {
    const evaluatedAtOnce = [...(node.heritageClauses ?? []), ...(ts.getDecorators(node) ?? [])];
    return evaluatedAtOnce.some(awaits) || node.members.some(awaitsInName);
  }
  return ts.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
}

/** `{ [await key]() {} }`: a computed name is evaluated where it stands. */
function awaitsInName(node: ts.SignatureDeclaration | ts.ClassElement): boolean {
  return node.name !== undefined && ts.isComputedPropertyName(node.name) && awaits(node.name.expression);
}
