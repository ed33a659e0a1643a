import { Random } from "recsys-unlearning/core";
import type { Check, Draw, Plain, Verdict } from "./checks";

/** A mistake that is often made, known by what it gives. */
export interface TypicalMistake<Input> {
  /** For the class report, such as `"sign"`. */
  readonly name: string;
  /** What the answer is worth all the same, 0 to 1. */
  readonly score: number;
  /** For the student. Gives no value away. */
  readonly comment: string;
  /** What a function with this mistake returns. */
  readonly as: (input: Input) => readonly number[];
}

/** A question whose answer is a function that returns numbers. */
export interface NumericQuestion<Input> extends Pick<Check, "name" | "title" | "points" | "cell"> {
  /** The student's function. */
  readonly call: string;
  /** How many inputs are drawn. Default: 2. */
  readonly cases?: number;
  readonly draw: (random: Random, which: number) => Input;
  readonly args: (input: Input) => readonly Plain[];
  readonly right: (input: Input) => readonly number[];
  readonly mistakes: readonly TypicalMistake<Input>[];
  /**
   * Another function of the student that this one rests on, marked elsewhere. An answer that is right with what that
   * function gives has full marks: one mistake costs once.
   */
  readonly restsOn?: {
    readonly call: string;
    readonly args: (input: Input) => readonly Plain[];
    /** What is right with `given`; `undefined` where that is of no use. */
    readonly right: (input: Input, given: Plain) => readonly number[] | undefined;
  };
  /** The numbers in what the function returned, `undefined` where there are none. Default: it is an array of them. */
  readonly numbers?: (value: Plain) => readonly number[] | undefined;
  /** The largest difference, as a share of the right answer's length. Default: 1e-6. */
  readonly tolerance?: number;
}

/**
 * A check that calls a function on drawn inputs and compares with the right answer, and where that fails with what
 * typical mistakes give. An answer is right, or has a mistake, only if it does in all cases.
 *
 * @example
 * numericCheck({
 *   name: "square", title: "The square", points: 1, cell: "square-test", call: "square",
 *   draw: (random) => random.normal(), args: (x) => [x], right: (x) => [x * x],
 *   mistakes: [{ name: "doubled", score: 0.5, comment: "Twice a number is not its square.", as: (x) => [2 * x] }],
 *   numbers: (value) => (typeof value === "number" ? [value] : undefined),
 * });
 */
export function numericCheck<Input>(question: NumericQuestion<Input>): Check {
  const { name, title, points, cell, call, cases = 2, mistakes, restsOn, numbers = numberArray, tolerance } = question;
  const inputs = ({ seed }: Draw) =>
    Array.from({ length: cases }, (_, which) => question.draw(Random.derive(seed, name, which), which));
  return {
    name,
    title,
    points,
    cell,
    asks(draw) {
      const drawn = inputs(draw);
      const asked = drawn.map((input) => ({ call, args: question.args(input) }));
      if (restsOn === undefined) return asked;
      return [...asked, ...drawn.map((input) => ({ call: restsOn.call, args: restsOn.args(input) }))];
    },
    judge(values, draw): Verdict {
      const answers = values.slice(0, cases);
      if (answers.some((value) => value === undefined)) return { score: 0, comment: `\`${call}\` gave no answer.` };
      const given = answers.map((value) => numbers(value as Plain));
      if (given.some((found) => found === undefined))
        return { score: 0, comment: `\`${call}\` returned something else than asked for.`, mistake: "wrong shape" };
      const drawn = inputs(draw);
      const all = (as: (input: Input, which: number) => readonly number[] | undefined) =>
        drawn.every((input, k) => nearlyEqual(given[k] as readonly number[], as(input, k) ?? [], tolerance));
      if (all(question.right)) return { score: 1, comment: "Right." };
      const found = mistakes.find((mistake) => all(mistake.as));
      if (found !== undefined) return { score: found.score, comment: found.comment, mistake: found.name };
      const own = values.slice(cases);
      const rightWithOwn = (input: Input, which: number) =>
        own[which] === undefined ? undefined : restsOn?.right(input, own[which]);
      if (restsOn !== undefined && all(rightWithOwn))
        return { score: 1, comment: `Right with your own \`${restsOn.call}\`, which is marked where it stands.` };
      return { score: 0, comment: `\`${call}\` returned other numbers than it should.` };
    },
  };
}

/** An array of numbers, or `undefined`. */
export function numberArray(value: Plain | undefined): readonly number[] | undefined {
  return Array.isArray(value) && value.every((x) => typeof x === "number") ? (value as readonly number[]) : undefined;
}

/**
 * Whether two vectors are the same but for rounding. NaN is the same as NaN.
 *
 * @param tolerance the largest difference of a place, as a share of the length of `right`. Default: 1e-6.
 */
export function nearlyEqual(given: readonly number[], right: readonly number[], tolerance = 1e-6): boolean {
  const scale = Math.hypot(...right.filter(Number.isFinite)) + 1e-9;
  const same = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= tolerance * scale;
  return given.length === right.length && given.every((x, k) => same(x, right[k]));
}
