import type ts from "@tslab/typescript-for-tslab";

/** The file in which tslab declares what earlier cells defined. */
const earlierCells = "/__prev__.d.ts";

/**
 * tslab reads the variables of earlier cells from `exports`, but overlooks shorthand properties: `{ seed }` fails at
 * run time with "seed is not defined". This transformer writes them out, as `{ seed: exports.seed }`, before tslab's
 * own runs.
 */
export function writeOutShorthand(compiler: typeof ts, checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  const isEarlier = (node: ts.ShorthandPropertyAssignment): boolean => {
    const declarations = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
    return declarations.some((declaration) => declaration.getSourceFile().fileName.endsWith(earlierCells));
  };
  return (context) => {
    const { factory } = context;
    const visit = (node: ts.Node): ts.Node => {
      if (!compiler.isShorthandPropertyAssignment(node) || !isEarlier(node))
        return compiler.visitEachChild(node, visit, context);
      const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
      // In a pattern, `({ seed = 1 } = settings)`, the default goes with it.
      const fallback = node.objectAssignmentInitializer;
      const target =
        fallback === undefined
          ? value
          : factory.createAssignment(value, compiler.visitNode(fallback, visit) as ts.Expression);
      return factory.createPropertyAssignment(node.name.text, target);
    };
    return (file) => compiler.visitEachChild(file, visit, context);
  };
}
