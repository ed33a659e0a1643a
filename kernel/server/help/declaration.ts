/** `help`, as the compiler sees it; `help.ts` has what it shows. */
export const helpDeclaration = `/**
 * Shows what there is: the areas of recsys-unlearning, the notebooks and the documentation.
 *
 * @example help("ifru")
 * @example help(applyUpdate)
 * @param topic the name of an area, a public name such as \`"explain"\` or \`"ifru.unlearn"\`, or a function itself
 */
declare function help(topic?: unknown): void;
`;
