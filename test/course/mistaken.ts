// Submissions with typical mistakes, made of the instructor's version.
import type { Notebook } from "../../kernel/notebook/notebook-file";

/** Three mistakes in one submission, by the check they concern: what is changed, and what the rubric gives. */
export const mistaken: Readonly<
  Record<string, Readonly<Record<string, readonly [from: string, to: string, points: number]>>>
> = {
  influence: {
    hvp: ["out[k] += lambda * direction[k]", "out[k] += 0", 3],
    "conjugate-gradient": ["iterations < mostIterations", "iterations <= mostIterations", 3.5],
    agreement: ["/ dot(actual, actual) }", "/ dot(estimated, estimated) }", 1],
  },
  curriculum: {
    "min-norm-two": ["Math.min(1, Math.max(0, dot(between, b) / square))", "dot(between, b) / square", 1.5],
    "soft-order": ["spread / temperature", "spread * temperature", 1.5],
    "hit-level": ["rank <= k", "rank < k", 1],
  },
  audit: {
    auc: ["sum += 0.5", "sum += 0", 3],
    "out-statistics": ["(values.length - 1)", "values.length", 3],
    "noise-floor": ["let b = a + 1", "let b = 0", 2],
  },
};

/** The release with the instructor's solutions, edited. */
export function handedIn(
  released: Notebook,
  source: Notebook,
  edits: readonly (readonly [string, string, ...unknown[]])[],
): Notebook {
  const unused = new Set(edits);
  const cells = released.cells.map((cell) => {
    const solution = source.cells.find(({ id }) => id === cell.id);
    const role = (cell.metadata["nbgrader"] ?? {}) as { readonly solution?: boolean };
    if (solution === undefined || role.solution !== true) return cell;
    let text = solution.source;
    for (const edit of edits)
      if (text.includes(edit[0])) {
        unused.delete(edit);
        text = text.replace(edit[0], edit[1]);
      }
    return { ...cell, source: text };
  });
  if (unused.size > 0) throw new Error(`the solution has no ${[...unused].map(([from]) => from).join(", ")}`);
  return { ...released, cells };
}
