// The library files that the compiler reads at every start, parsed and bound once, in the startup snapshot.
import type ts from "@tslab/typescript-for-tslab";

const packages = "/node_modules/";

/** Names of one file from different places: a notebook outside of the project sees its packages beside itself. */
function nameInPackages(path: string): string {
  const at = path.lastIndexOf(packages);
  return at < 0 ? path : path.slice(at);
}

/** What is private to TypeScript in a file. */
interface BoundFile extends ts.SourceFile {
  readonly scriptKind: ts.ScriptKind;
  readonly externalModuleIndicator?: unknown;
  readonly symbol?: { escapedName: string };
}

/** Parsed files by name. Each is given out once: a program changes the files it is made of. */
export class KeptFiles {
  private readonly files = new Map<string, BoundFile>();

  keep(files: readonly ts.SourceFile[]): void {
    for (const file of files) this.files.set(nameInPackages(file.fileName), file as BoundFile);
  }

  /**
   * What `createSourceFile` would make of this text; `undefined` where the kept file is of another text.
   *
   * @param target the version of the language, or options that have it
   */
  take(path: string, text: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const name = nameInPackages(path);
    const file = this.files.get(name);
    const version = typeof target === "object" ? target.languageVersion : target;
    if (file === undefined || file.text !== text || file.languageVersion !== version) return undefined;
    this.files.delete(name);
    if (file.fileName === path) return file;
    file.fileName = path;
    // Binding named the module by its path, as TypeScript does it.
    if (file.externalModuleIndicator !== undefined && file.symbol !== undefined)
      file.symbol.escapedName = `"${path.replace(/\.(d\.)?[cm]?tsx?$/, "")}"`;
    return file;
  }
}
