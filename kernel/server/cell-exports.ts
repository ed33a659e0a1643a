import ts from "@tslab/typescript-for-tslab";

/**
 * A cell without `export`: it has no importers, and tslab exports all it declares by itself. Every change keeps the
 * length, so that places in the cell stay what they are. `export { a } from "x"` becomes an import, which makes the
 * name known as well.
 */
export function withoutExports(code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext, true);
  const changes = file.statements.flatMap((statement) => changesOf(statement, file));
  return changes.reduce(
    (text, { start, end, by }) => text.slice(0, start) + by.padEnd(end - start) + text.slice(end),
    code,
  );
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function changesOf(statement: ts.Statement, file: ts.SourceFile): Change[] {
  const start = statement.getStart(file);
  if (ts.isExportDeclaration(statement)) return [changeOfList(statement, start, file)];
  if (ts.isExportAssignment(statement)) return [{ start, end: statement.expression.getStart(file), by: "" }];
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const exported = modifiers.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (exported === undefined) return [];
  const byDefault = modifiers.find(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  const nameless =
    byDefault !== undefined && (statement as ts.FunctionDeclaration | ts.ClassDeclaration).name === undefined;
  // A function without a name is none as a statement: it becomes the cell's value.
  return [{ start: exported.getStart(file), end: (byDefault ?? exported).end, by: nameless ? "void 0," : "" }];
}

function changeOfList(statement: ts.ExportDeclaration, start: number, file: ts.SourceFile): Change {
  const { exportClause, moduleSpecifier } = statement;
  if (moduleSpecifier === undefined) return { start, end: statement.end, by: "" };
  const all = exportClause === undefined;
  return { start, end: all ? moduleSpecifier.getStart(file) : start + "export".length, by: "import" };
}
