import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "@tslab/typescript-for-tslab";
import { libFolder } from "recsys-unlearning/core";
import { type DocComment, docCommentOf, jsDocsOf } from "./doc-comment";

/** A public name of an area. */
export interface PublicName {
  readonly area: string;
  readonly name: string;
  /** The name in its own file, where the index gives it another. */
  readonly ownName: string;
  readonly isType: boolean;
  /** The declaration file that the index has it from. */
  readonly file: string;
}

/** A public name with what its declaration file says of it. */
export interface Documented extends PublicName {
  readonly kind: "function" | "class" | "value" | "type";
  /** Without comments and bodies. */
  readonly signature: string;
  readonly comment: DocComment;
  /** Methods of a class or of an object of methods. */
  readonly members: readonly { readonly name: string; readonly signature: string; readonly comment: DocComment }[];
}

/** How far an index leads to a file that leads to another. */
const mostSteps = 5;

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  parsed.set(path, file);
  return file;
}

/** Declaration files are read again after this: a build may have written others. */
export function forgetParsed(): void {
  parsed.clear();
}

function indexOf(area: string): string {
  return join(libFolder(), "dist", area, "index.d.ts");
}

/** What an area is about: the comment on top of its index. */
export function areaComment(area: string): string {
  const [first] = parse(indexOf(area)).statements;
  const [comment] = first === undefined ? [] : jsDocsOf(first);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? "").replace(/\{@include [^}]*\}/g, "").trim();
}

/** The public names of an area, in the order of its index. */
export function publicNames(area: string): readonly PublicName[] {
  return parse(indexOf(area)).statements.flatMap((statement) => exportsOf(area, indexOf(area), statement));
}

function exportsOf(area: string, from: string, statement: ts.Statement): PublicName[] {
  if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
  const { exportClause, moduleSpecifier, isTypeOnly } = statement;
  if (!ts.isNamedExports(exportClause) || moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier))
    return [];
  const file = declarationFile(from, moduleSpecifier.text);
  return exportClause.elements.map((element) => ({
    ...{ area, name: element.name.text, ownName: (element.propertyName ?? element.name).text, file },
    isType: isTypeOnly || element.isTypeOnly,
  }));
}

function declarationFile(from: string, specifier: string): string {
  const path = join(dirname(from), specifier);
  return existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, "index.d.ts");
}

/** What the declarations say of a public name; `undefined` where they have none of it. */
export function documented(given: PublicName, steps = mostSteps): Documented | undefined {
  for (const statement of parse(given.file).statements) {
    const further = exportsOf(given.area, given.file, statement).find(({ name }) => name === given.ownName);
    if (further !== undefined && steps > 0) return documented({ ...further, name: given.name }, steps - 1);
    const found = declarationIn(statement, given.ownName);
    if (found !== undefined) return { ...given, ...found };
  }
  return undefined;
}

type Declared = Pick<Documented, "kind" | "signature" | "comment" | "members">;

function declarationIn(statement: ts.Statement, name: string): Declared | undefined {
  const comment = docCommentOf(statement);
  if (ts.isVariableStatement(statement)) {
    const variable = statement.declarationList.declarations.find((one) => one.name.getText() === name);
    if (variable === undefined) return undefined;
    const members =
      variable.type !== undefined && ts.isTypeLiteralNode(variable.type) ? methodsOf(variable.type.members) : [];
    const type = members.length > 0 ? "" : `: ${short(variable.type)}`;
    return { kind: "value", signature: `const ${name}${type}`, comment, members };
  }
  if ((statement as { name?: ts.Node }).name?.getText() !== name) return undefined;
  if (ts.isFunctionDeclaration(statement))
    return { kind: "function", signature: withoutHead(statement), comment, members: [] };
  if (ts.isClassDeclaration(statement))
    return { kind: "class", signature: `class ${name}`, comment, members: methodsOf(statement.members) };
  return { kind: "type", signature: withoutHead(statement), comment, members: [] };
}

function methodsOf(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>): Documented["members"] {
  return members.flatMap((member) => {
    const isPrivate = ts.canHaveModifiers(member) && member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword); // prettier-ignore
    if (isPrivate === true || !(ts.isMethodSignature(member) || ts.isMethodDeclaration(member))) return [];
    return [{ name: member.name.getText(), signature: withoutHead(member), comment: docCommentOf(member) }];
  });
}

/** A declaration as it stands, without comments and words that say nothing here. */
function withoutHead(node: ts.Node): string {
  return node.getText().replace(/^(export|declare)\s+/g, "").replace(/^declare\s+/, "").replace(/;$/, ""); // prettier-ignore
}

/** A type in one short line. */
function short(type: ts.TypeNode | undefined): string {
  const text = (type?.getText() ?? "unknown").replace(/import\("[^"]*"\)\./g, "").replace(/\s+/g, " ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
