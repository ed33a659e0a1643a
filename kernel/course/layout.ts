import { existsSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { didYouMean, InvalidArgumentError, NotFoundError } from "recsys-unlearning/core";

/**
 * The folders of a course, as nbgrader has them: `source/<assignment>/`, `release/<assignment>/`, and
 * `submitted/<student>/<assignment>/`, `autograded/…` and `feedback/…` alike. `results/<assignment>/` is ours.
 */
export class Course {
  constructor(readonly folder: string) {}

  source(assignment: string): string {
    return join(this.folder, "source", assignment);
  }

  release(assignment: string): string {
    return join(this.folder, "release", assignment);
  }

  results(assignment: string): string {
    return join(this.folder, "results", assignment);
  }

  /** One student's folder in one step. */
  of(step: "submitted" | "autograded" | "feedback", student: string, assignment: string): string {
    return join(this.folder, step, student, assignment);
  }

  /** The assignments that have a source. @throws NotFoundError where there is no folder of sources */
  async assignments(): Promise<string[]> {
    const folder = join(this.folder, "source");
    if (!existsSync(folder))
      throw new NotFoundError("no course is there", { where: folder, remedy: "give its folder with --course" });
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith(".") ? [entry.name] : [])).sort();
  }

  /** @throws InvalidArgumentError for an assignment that has no source */
  async require(assignment: string): Promise<void> {
    const known = await this.assignments();
    if (known.includes(assignment)) return;
    throw new InvalidArgumentError(`there is no assignment ${JSON.stringify(assignment)}`, {
      where: this.folder,
      remedy: didYouMean(assignment, known),
    });
  }

  /** The students of a step who have something for an assignment, a link included, in the order of their names. */
  async students(step: "submitted" | "autograded", assignment: string): Promise<string[]> {
    const folder = join(this.folder, step);
    if (!existsSync(folder)) return [];
    const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
    const present = await Promise.all(
      names.map(async (name) => {
        const isLink = (await lstat(join(folder, name))).isSymbolicLink();
        return isLink || (await exists(join(folder, name, assignment)));
      }),
    );
    return names.filter((_, index) => present[index]).sort();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The notebook's file name. */
export function notebookName(assignment: string): string {
  return `${assignment}.ipynb`;
}
