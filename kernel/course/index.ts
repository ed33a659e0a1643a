/**
 * Assignments in notebooks, and how they are graded. An assignment's `checks.ts` imports its types from here.
 *
 * @packageDocumentation
 */
export {
  type Ask,
  type Assignment,
  assignment,
  type Check,
  type Draw,
  type Manual,
  type Plain,
  type Verdict,
} from "./checks";
export { hiddenTest } from "./hidden-test";
export { nearlyEqual, numberArray, numericCheck, type NumericQuestion, type TypicalMistake } from "./numeric-check";
