import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { NotFoundError } from "recsys-unlearning/core";

/** Folders that hold no notebooks of ours. */
const skipped = new Set(["node_modules", ".ipynb_checkpoints", ".venv", ".cache", "dist", ".git"]);

/**
 * A folder of nbgrader's. Its notebooks are assignments, with gaps and without outputs: no results to look at or to
 * compare with. `npm run course` looks after them.
 */
const isCourse = (folder: string) => existsSync(join(folder, "nbgrader_config.py"));

function* filesBelow(folder: string, courses = false): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) {
      if (courses || !isCourse(path)) yield* filesBelow(path, courses);
    }
    if (entry.isFile() && entry.name.endsWith(".ipynb")) yield path;
  }
}

/** `*` is anything but a slash, `**` anything, `?` one character. */
function asRegExp(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*\*\/|\*\*|\*|\?/g, (wild) => {
    if (wild === "**/") return "(?:.*/)?";
    if (wild === "**") return ".*";
    return wild === "*" ? "[^/]*" : "[^/]";
  });
  return new RegExp(`^${source}$`);
}

/**
 * The notebooks that patterns name, sorted, each once. A pattern is a file, a folder (all below it) or a glob, relative
 * to `base`. A folder's notebooks do not include those of a course below it; a glob's do.
 *
 * @throws NotFoundError for a pattern that names none
 */
export function findNotebooks(patterns: readonly string[], base: string): string[] {
  /** By the file itself: two links to one notebook are one notebook. */
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    const matches = matching(pattern, base);
    if (matches.length === 0)
      throw new NotFoundError(`no notebook matches "${pattern}"`, { remedy: `patterns are relative to ${base}` });
    for (const path of matches) if (!found.has(realpathSync(path))) found.set(realpathSync(path), path);
  }
  return [...found.values()].sort();
}

function matching(pattern: string, base: string): string[] {
  const path = resolve(base, pattern);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return [path];
  if (stats?.isDirectory()) return [...filesBelow(path)];
  const expression = asRegExp(pattern.replace(/^\.\//, ""));
  return [...filesBelow(base, true)].filter((file) => expression.test(relative(base, file)));
}
