/** For tests. */
export function importedFrom(lib: string): Record<string, string[]>;
export function javaScriptOf(text: string): string;
export function writeCodeGraph(root: string): void;
