import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRepository } from "recsys-unlearning/core";
import { Course } from "../../kernel/course/layout";
import { loadAssignment } from "../../kernel/course/load-assignment";
import { type Notebook, type NotebookCell, notebookText, parseNotebook } from "../../kernel/notebook/notebook-file";

/** A course of one tiny assignment, in a folder of its own. */
export class TinyCourse {
  readonly folder = mkdtempSync(join(tmpdir(), "recsys-tiny-course-"));
  readonly course = new Course(this.folder);

  constructor() {
    cpSync(inRepository("test/course/fixtures/source"), join(this.folder, "source"), { recursive: true });
  }

  load() {
    return loadAssignment(this.course, "tiny");
  }

  /** Puts a submission where `collect` would, as bytes that need not be a notebook. */
  submit(student: string, content: string | Notebook): void {
    const folder = this.course.of("submitted", student, "tiny");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "tiny.ipynb"), typeof content === "string" ? content : notebookText(content));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The instructor's version. */
export function tinySource(): Notebook {
  return parseNotebook(readFileSync(inRepository("test/course/fixtures/source/tiny/tiny.ipynb"), "utf8"), "tiny.ipynb");
}

/** Right answers, by the id of their cell. */
export const rightAnswers: Readonly<Record<string, string>> = {
  "mean-answer":
    "function mean(values: readonly number[]): number {\n  return values.reduce((sum, value) => sum + value, 0) / values.length;\n}",
  "spread-answer":
    "function variance(values: readonly number[]): number {\n  const centre = mean(values);\n  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);\n}",
  "own-answer": "const ownMean = mean(numbers);",
  why: "The mean has taken one degree of freedom.",
};

/** The release with the texts of some cells replaced: what a student hands in. */
export function answered(released: Notebook, texts: Readonly<Record<string, string>> = rightAnswers): Notebook {
  const cells = released.cells.map((cell) => ({ ...cell, source: texts[cell.id] ?? cell.source }));
  return { ...released, cells };
}

/** The same with cells of the student's own, behind the last. */
export function withCells(notebook: Notebook, ...sources: string[]): Notebook {
  const own = sources.map((source, index): NotebookCell => ({
    cell_type: "code",
    id: `own-${index + 1}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  return { ...notebook, cells: [...notebook.cells, ...own] };
}
