import ts from "@tslab/typescript-for-tslab";

/** What a name can mean in TypeScript; one name can have several meanings at once. */
const meaning = { value: 1, type: 2, both: 3 } as const;

/** One statement of a declaration file, or those of its declarations that are still wanted. */
interface Declaration {
  readonly name: string;
  readonly meaning: number;
  /** What is left of the statement when only some of its names are wanted. */
  readonly text: string;
}

interface Statement {
  readonly declarations: readonly Declaration[];
  /** For statements that declare no name of their own, and are kept whatever comes. */
  readonly lasting?: { readonly key: string; readonly head: string; readonly body: string | undefined };
}

/**
 * The declarations that hold after a cell: what it declares, and what of the earlier ones it does not declare anew.
 * tslab carries variables, functions, classes, enums, interfaces and aliases; here namespaces, import aliases, merged
 * declarations and augmentations of modules and of the global scope go on as well.
 *
 * @param before a declaration file: what held before the cell
 * @param cell a declaration file: what the cell declares
 * @param set the values that the cell has set, where it did not run to its end; the others stay what they were before
 */
export function carried(before: string, cell: string, set?: ReadonlySet<string>): string {
  const now = statementsOf(cell).map((statement) => ({
    ...statement,
    declarations: statement.declarations.filter((one) => set === undefined || isThere(one, set)),
  }));
  const meanings = new Map<string, number>();
  for (const { name, meaning: its } of now.flatMap(({ declarations }) => declarations))
    meanings.set(name, (meanings.get(name) ?? 0) | its);
  const earlier = statementsOf(before);
  const kept = earlier.flatMap(({ declarations }) => declarations.flatMap((one) => remaining(one, meanings)));
  const lasting = mergedLasting([...earlier, ...now]);
  const texts = [...kept, ...now.flatMap(({ declarations }) => declarations.map(({ text }) => text)), ...lasting];
  return [...new Set(texts)].map((text) => `${text}\n`).join("");
}

/** The names of the values that a declaration file declares. */
export function valueNames(declarations: string): Set<string> {
  const all = statementsOf(declarations).flatMap((statement) => statement.declarations);
  return new Set(all.filter(({ meaning: its }) => (its & meaning.value) !== 0).map(({ name }) => name));
}

function isThere({ name, meaning: its }: Declaration, set: ReadonlySet<string>): boolean {
  return its === meaning.type || set.has(name);
}

function remaining(one: Declaration, meanings: ReadonlyMap<string, number>): string[] {
  const anew = meanings.get(one.name) ?? 0;
  if ((one.meaning & anew) === 0) return [one.text];
  // A class of which only the type is declared anew: its value is still there, of a type that has no name any more.
  return one.meaning === meaning.both && anew === meaning.type ? [`declare let ${one.name}: any;`] : [];
}

/** Augmentations by what they augment; their bodies are carried like declaration files of their own. */
function mergedLasting(statements: readonly Statement[]): string[] {
  const bodies = new Map<string, { head: string; body: string | undefined }>();
  for (const { lasting } of statements) {
    if (lasting === undefined) continue;
    const { key, head, body } = lasting;
    const before = bodies.get(key)?.body;
    bodies.set(key, { head, body: body === undefined || before === undefined ? body : carried(before, body) });
  }
  return [...bodies.values()].map(({ head, body }) => (body === undefined ? head : `${head} {\n${body}}`));
}

function statementsOf(text: string): Statement[] {
  const file = ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.Latest, true);
  return file.statements.map((statement) => read(statement, file));
}

function read(statement: ts.Statement, file: ts.SourceFile): Statement {
  const text = file.text.slice(statement.getStart(file, true), statement.end);
  const one = (name: string, its: number): Statement => ({ declarations: [{ name, meaning: its, text }] });
  if (ts.isVariableStatement(statement)) return variables(statement, file);
  if (ts.isFunctionDeclaration(statement)) return one(statement.name?.text ?? "", meaning.value);
  if (ts.isClassDeclaration(statement)) return one(statement.name?.text ?? "", meaning.both);
  if (ts.isEnumDeclaration(statement)) return one(statement.name.text, meaning.both);
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return one(statement.name.text, meaning.type);
  if (ts.isImportEqualsDeclaration(statement)) return one(statement.name.text, meaning.both);
  if (ts.isImportDeclaration(statement)) return imports(statement, file, text);
  if (ts.isModuleDeclaration(statement)) return moduleOf(statement, file, text);
  return { declarations: [] };
}

function variables(statement: ts.VariableStatement, file: ts.SourceFile): Statement {
  const { declarations } = statement.declarationList;
  const start = statement.getStart(file, true);
  const head = file.text.slice(start, declarations[0]?.getStart(file) ?? start);
  return {
    declarations: declarations.flatMap((declaration) =>
      ts.isIdentifier(declaration.name)
        ? [{ name: declaration.name.text, meaning: meaning.value, text: `${head}${declaration.getText(file)};` }]
        : [],
    ),
  };
}

/** One import statement for each name, so that each can be dropped by itself. */
function imports(statement: ts.ImportDeclaration, file: ts.SourceFile, text: string): Statement {
  const clause = statement.importClause;
  if (clause === undefined) return { declarations: [], lasting: { key: text, head: text, body: undefined } };
  const from = `from ${statement.moduleSpecifier.getText(file)};`;
  const type = clause.isTypeOnly ? "type " : "";
  const its = clause.isTypeOnly ? meaning.type : meaning.both;
  const declarations: Declaration[] = [];
  const add = (name: string, what: string): unknown =>
    declarations.push({ name, meaning: its, text: `import ${type}${what} ${from}` });
  if (clause.name !== undefined) add(clause.name.text, clause.name.text);
  const bindings = clause.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) add(bindings.name.text, bindings.getText(file));
  else for (const element of bindings?.elements ?? []) add(element.name.text, `{ ${element.getText(file)} }`);
  return { declarations };
}

function moduleOf(statement: ts.ModuleDeclaration, file: ts.SourceFile, text: string): Statement {
  const { name, body } = statement;
  const isGlobal = (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
  if (ts.isIdentifier(name) && !isGlobal)
    return {
      declarations: [{ name: name.text, meaning: isInstantiated(statement) ? meaning.both : meaning.type, text }],
    };
  const head = isGlobal ? "declare global" : `declare module ${name.getText(file)}`;
  const inside =
    body !== undefined && ts.isModuleBlock(body) ? file.text.slice(body.getStart(file) + 1, body.end - 1) : "";
  return { declarations: [], lasting: { key: head, head, body: inside } };
}

/** Whether a namespace holds values; one that holds only types is nothing at run time. */
function isInstantiated({ body }: ts.ModuleDeclaration): boolean {
  if (body === undefined) return false;
  if (ts.isModuleDeclaration(body)) return isInstantiated(body);
  if (!ts.isModuleBlock(body)) return false;
  return body.statements.some((inner) =>
    ts.isModuleDeclaration(inner)
      ? isInstantiated(inner)
      : !ts.isInterfaceDeclaration(inner) && !ts.isTypeAliasDeclaration(inner) && !ts.isExportDeclaration(inner),
  );
}
