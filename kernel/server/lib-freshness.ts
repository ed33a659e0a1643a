import { readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { lookForChanges } from "./watched-files";

/**
 * Sees to it that a cell never runs old code of lib unawares: when lib's sources are newer than what was built from
 * them, and when it was built anew after this kernel loaded it.
 */
export class LibFreshness {
  private readonly built: string;
  /** When each loaded module's file was written, as of its first sight. */
  private readonly seen = new WeakMap<NodeJS.Module, number>();
  private lastBuild: number;
  private sourcesChecked = false;

  /** @param lib the folder of lib; @param root what paths are shown relative to */
  constructor(
    private readonly lib: string,
    private readonly root: string,
  ) {
    this.built = join(lib, "dist") + sep;
    this.lastBuild = this.buildTime();
  }

  /** What a person must know before a cell runs; each thing is said once. */
  warnings(code: string): string[] {
    const warnings: string[] = [];
    if (!this.sourcesChecked && /["'`]recsys-unlearning["'`/]/.test(code)) {
      this.sourcesChecked = true;
      const newer = newestSource(this.lib);
      if (newer.time > this.buildTime())
        warnings.push(`${relative(this.root, newer.path)} is newer than the last build: run npm run build`);
    }
    const buildTime = this.buildTime();
    if (buildTime === this.lastBuild) return warnings;
    this.lastBuild = buildTime;
    lookForChanges(this.built.replaceAll("\\", "/"));
    const stale = this.staleModules();
    if (stale.length > 0) {
      const names = stale.slice(0, 3).map((path) => relative(this.built, path).replace(/\.js$/, ""));
      const more = stale.length > names.length ? ` and ${stale.length - names.length} more` : "";
      warnings.push(
        `recsys-unlearning was built anew since this kernel loaded it (${names.join(", ")}${more}): ` +
          'run reload() from "recsys-unlearning/notebook", or restart the kernel',
      );
    }
    return warnings;
  }

  /** Notes which modules have been loaded; to be called after every cell. */
  note(): void {
    for (const loaded of this.loadedModules())
      if (!this.seen.has(loaded)) this.seen.set(loaded, modificationTime(loaded.filename));
  }

  private staleModules(): string[] {
    return this.loadedModules()
      .filter((loaded) => (this.seen.get(loaded) ?? 0) < modificationTime(loaded.filename))
      .map((loaded) => loaded.filename);
  }

  private loadedModules(): NodeJS.Module[] {
    return Object.entries(require.cache).flatMap(([path, loaded]) =>
      path.startsWith(this.built) && loaded !== undefined ? [loaded] : [],
    );
  }

  private buildTime(): number {
    return modificationTime(join(this.built, ".tsbuildinfo"));
  }
}

/** Milliseconds, or 0 for a file that is not there. */
function modificationTime(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource(folder: string): { path: string; time: number } {
  let newest = { path: folder, time: 0 };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "dist" || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const found = entry.isDirectory()
      ? newestSource(path)
      : { path, time: entry.name.endsWith(".ts") ? modificationTime(path) : 0 };
    if (found.time > newest.time) newest = found;
  }
  return newest;
}
