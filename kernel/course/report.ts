import type { Manual } from "./checks";

/** What became of one check, for the student, the marks and the class report. */
export interface CheckResult {
  readonly name: string;
  readonly title: string;
  /** `grade_id` of the cell whose points these are. */
  readonly cell: string;
  readonly points: number;
  readonly earned: number;
  readonly comment: string;
  readonly mistake?: string;
  /** What is wrong with the check itself; for the teacher. */
  readonly fault?: string;
}

/** How one submission was graded. Holds no times: graded again, it has the same bytes. */
export interface Report {
  readonly format: 1;
  readonly assignment: string;
  readonly student: string;
  /** Of the submission, and of all else that the marks depend on. */
  readonly submission: string;
  readonly basis: string;
  readonly problems: readonly string[];
  /** What the student had changed in cells that were not theirs to change. */
  readonly changes: readonly string[];
  readonly cells: readonly { readonly id: string; readonly status: string; readonly message?: string }[];
  readonly checks: readonly CheckResult[];
  readonly manual: readonly Pick<Manual, "name" | "cell" | "points">[];
}

/** The points of the checks together. */
export function earnedOf({ checks }: Pick<Report, "checks">): number {
  return rounded(checks.reduce((sum, { earned }) => sum + earned, 0));
}

/** Points without the dust of floating-point sums. */
export function rounded(points: number): number {
  return Math.round(points * 1e6) / 1e6;
}
