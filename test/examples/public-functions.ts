// The public functions of lib, with their doc comments: those that an area's index exports, and methods of exported
// objects such as `ifru.unlearn`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { inRepository } from "recsys-unlearning/core";

export interface PublicFunction {
  readonly area: string;
  /** `explain`, or `ifru.unlearn`. */
  readonly name: string;
  readonly examples: readonly string[];
  /** Whether its body throws by itself and its comment has no `@throws`. */
  readonly hidesErrors: boolean;
  /** Its doc comment as it stands. */
  readonly comment: string;
}

/** What has a doc comment and a body. */
type Described = ts.FunctionDeclaration | ts.MethodDeclaration;

export function areas(): string[] {
  return readdirSync(inRepository("lib")).filter((name) => existsSync(inRepository("lib", name, "index.ts")) && name !== "dist"); // prettier-ignore
}

export function publicFunctions(area: string): PublicFunction[] {
  const index = inRepository("lib", area, "index.ts");
  return parse(index).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || statement.exportClause === undefined) return [];
    if (!ts.isNamedExports(statement.exportClause) || statement.moduleSpecifier === undefined) return [];
    const from = sourceOf(index, (statement.moduleSpecifier as ts.StringLiteral).text);
    return statement.exportClause.elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .flatMap(({ name, propertyName }) => functionsNamed(from, (propertyName ?? name).text, name.text, area));
  });
}

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  const known = parsed.get(path) ?? ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  parsed.set(path, known);
  return known;
}

function sourceOf(from: string, specifier: string): string {
  const path = join(dirname(from), specifier);
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts");
}

function functionsNamed(path: string, ownName: string, name: string, area: string): PublicFunction[] {
  for (const statement of parse(path).statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === ownName)
      return [described(statement, name, area)];
    if (!ts.isVariableStatement(statement)) continue;
    const variable = statement.declarationList.declarations.find((one) => one.name.getText() === ownName);
    if (variable === undefined) continue;
    return methodsOf(variable.initializer, path).map((one) => described(one, `${name}.${one.name.getText()}`, area));
  }
  return [];
}

/** Methods of an object, also of one that a function of ours returns: `sisa` is what `shardedMethod(…)` makes. */
function methodsOf(value: ts.Node | undefined, path: string): ts.MethodDeclaration[] {
  if (value === undefined) return [];
  if (ts.isSatisfiesExpression(value)) return methodsOf(value.expression, path);
  if (ts.isCallExpression(value) && ts.isIdentifier(value.expression)) return madeBy(value.expression.text, path);
  if (!ts.isObjectLiteralExpression(value)) return [];
  const spread = value.properties
    .filter(ts.isSpreadAssignment)
    .flatMap(({ expression }) => methodsOf(expression, path));
  return [...value.properties.filter(ts.isMethodDeclaration), ...spread];
}

/** Methods of what a function returns that is declared in a file, or imported from one beside it. */
function madeBy(name: string, path: string): ts.MethodDeclaration[] {
  for (const statement of parse(path).statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) {
      const returned = statement.body?.statements.find(ts.isReturnStatement)?.expression;
      return returned === undefined ? [] : methodsOf(returned, path);
    }
    const arrow = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
    if (arrow?.name.getText() === name && arrow.initializer !== undefined && ts.isArrowFunction(arrow.initializer))
      return methodsOf(arrow.initializer.body, path);
    const imported = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (imported === undefined || !ts.isNamedImports(imported)) continue;
    const from = ((statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral).text;
    if (from.startsWith("./") && imported.elements.some((one) => one.name.text === name))
      return madeBy(name, sourceOf(path, from));
  }
  return [];
}

function described(node: Described, name: string, area: string): PublicFunction {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText() ?? "";
  const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === "example");
  const examples = tags.map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? "");
  const throwsItself = node.body?.statements.some(throwsIn) === true;
  return { area, name, comment, examples, hidesErrors: throwsItself && !comment.includes("@throws") };
}

/** Whether a statement throws, functions inside it aside. */
function throwsIn(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, throwsIn) === true;
}
