import { InvalidArgumentError, type Random } from "recsys-unlearning/core";
import type { PlainValue } from "../protocol/plain-values";

/**
 * Plain data: what may cross between a student's process and the grader. Numbers include NaN, -0 and the infinities.
 * Typed arrays that a student returns arrive as lists of numbers.
 */
export type Plain = PlainValue;

/** What is drawn for one student and one check. */
export interface Draw {
  /** Whose data the notebook works on: `dataOf(student)` of the assignment's `practice.ts`. */
  readonly student: string;
  /** From the teacher's secret, the student and the check: a second grading draws the same. */
  readonly seed: number;
  /** A stream of random numbers that starts at `seed`; each call gives a new one that starts there again. */
  random(): Random;
}

/** Something to evaluate in the student's process: a call of a function that the notebook defines, or a variable. */
export type Ask = { readonly call: string; readonly args: readonly Plain[] } | { readonly read: string };

/** What a check makes of the student's values. */
export interface Verdict {
  /** The part of the points that is earned, from 0 to 1. */
  readonly score: number;
  /** Goes to the student; must never give a hidden value away. */
  readonly comment: string;
  /** A name for the class report, such as `"wrong sign"`. */
  readonly mistake?: string;
}

/** One thing that the grader finds out about a submission. */
export interface Check {
  readonly name: string;
  readonly title: string;
  readonly points: number;
  /** `grade_id` of the notebook's autograded cell whose points these are. */
  readonly cell: string;
  /** What to evaluate in the student's process. */
  readonly asks: (draw: Draw) => readonly Ask[] | Promise<readonly Ask[]>;
  /**
   * Compares in the grader's process. Not called where every ask failed: that is 0.
   *
   * @param values one for each ask; `undefined` where the ask failed
   * @param problems one for each ask; how it failed
   */
  readonly judge: (
    values: readonly (Plain | undefined)[],
    draw: Draw,
    problems: readonly (string | undefined)[],
  ) => Verdict | Promise<Verdict>;
}

/** Points that a person gives. */
export interface Manual {
  readonly name: string;
  /** `grade_id` of the notebook's manually graded cell. */
  readonly cell: string;
  readonly points: number;
  readonly rubric: string;
}

/** The grader's side of an assignment: what stands in its `checks.ts`. */
export interface Assignment {
  readonly name: string;
  readonly title: string;
  readonly checks: readonly Check[];
  readonly manual: readonly Manual[];
}

const identifier = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;
const shortName = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Declares an assignment: `export default assignment({ … })` in `checks.ts`.
 *
 * @throws InvalidArgumentError for a name that is taken twice or is no kebab-case, points that are none, an empty title
 */
export function assignment(given: Assignment): Assignment {
  requireName(given.name, "the assignment");
  const names = new Set<string>();
  for (const { name, points, cell } of [...given.checks, ...given.manual]) {
    requireName(name, `assignment "${given.name}"`);
    const where = `assignment "${given.name}", "${name}"`;
    if (names.has(name)) throw new InvalidArgumentError("two checks have the same name", { where });
    names.add(name);
    if (!Number.isFinite(points) || points <= 0)
      throw new InvalidArgumentError(`points have to be a number above 0, not ${String(points)}`, { where });
    if (typeof cell !== "string" || cell === "")
      throw new InvalidArgumentError("the check names no cell", { where, remedy: "give the grade_id of its cell" });
  }
  for (const { name, title } of given.checks)
    if (title.trim() === "") throw new InvalidArgumentError(`check "${name}" has no title`, { where: given.name });
  return given;
}

function requireName(name: unknown, where: string): void {
  if (typeof name === "string" && shortName.test(name)) return;
  throw new InvalidArgumentError(`the name ${JSON.stringify(name)} is not lower-case letters, digits and "-"`, {
    where,
  });
}

/** What an ask names, such as `hvp` or `result.auc`. @throws InvalidArgumentError where it is not a plain name */
export function askedName(ask: Ask): string {
  const name = "call" in ask ? ask.call : ask.read;
  if (identifier.test(name)) return name;
  throw new InvalidArgumentError(`an ask names ${JSON.stringify(name)}, which is not a variable`, {
    remedy: "name a function or variable that the notebook declares at the top of a cell",
  });
}
