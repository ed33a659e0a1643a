import { InvalidDataError } from "../../core";
import { looksLikeTimes } from "./column-times";
import type { ReadOptions } from "./read-options";
import { namesUserAndItem } from "./column-names";
import { splitLoosely } from "./find-delimiter";
import { spelled } from "./spelling";

const largestRating = 10;

/** A reading that fits a file, and the options that pick it. */
interface Reading {
  readonly what: string;
  readonly options: ReadOptions;
}

const rows: Reading = { what: "rows of user, item and rating", options: { format: "rows" } };
const adjacency: Reading = { what: "a user and their items on each line", options: { format: "adjacency" } };
const sequences: Reading = { what: "the items of a session on each line", options: { format: "sequences" } };
const matrix: Reading = { what: "a matrix, a row for each user", options: { format: "matrix" } };
const jester: Reading = { what: "Jester's counts and ratings", options: { format: "jester" } };

/**
 * Whether lines of numbers are lists (`adjacency`) rather than rows. Both may be: then the person must say.
 *
 * @throws InvalidDataError when two readings fit
 */
export function isAdjacency(lines: readonly string[], delimiter: string, where: string): boolean {
  if (namesUserAndItem(splitLoosely(lines[0], delimiter))) return false;
  const split = lines.map((line) => splitLoosely(line.trim(), delimiter).filter((field) => field !== ""));
  const areNumbers = split.every((fields) => fields.every((field) => /^[+-]?\d+([.]\d+)?(e[+-]\d+)?$/i.test(field)));
  if (!areNumbers && (lines.length < 3 || !isRagged(split))) return false;
  const readings = areNumbers
    ? readingsOf(split)
    : isEvenWithGaps(lines, delimiter)
      ? [matrix]
      : [adjacency, sequences];
  if (readings.length === 1 && readings[0] !== matrix) return readings[0] === adjacency;
  const ways =
    readings.length === 1
      ? "lines look like a matrix"
      : `lines can be read in ${["two", "three"][readings.length - 2]} ways`;
  throw new InvalidDataError(`the ${ways}`, {
    where: `${where}:1`,
    remedy: `choose: ${readings.map(({ what, options }) => `${what}, ${spelled(options)}`).join("; ")}`,
  });
}

/** Whether lines are as long as the first, and some fields are empty: cells of a matrix. */
function isEvenWithGaps(lines: readonly string[], delimiter: string): boolean {
  const split = lines.map((line) => splitLoosely(line, delimiter));
  return (
    split[0].length > 3 && split.every(({ length }) => length === split[0].length) && split.slice(1).flat().includes("")
  );
}

/** Whether no length of line is that of half of them. */
function isRagged(split: readonly (readonly string[])[]): boolean {
  const counts = new Map<number, number>();
  for (const { length } of split) counts.set(length, (counts.get(length) ?? 0) + 1);
  return Math.max(...counts.values()) < split.length / 2;
}

function readingsOf(split: readonly (readonly string[])[]): Reading[] {
  const counts = new Map<number, number>();
  for (const { length } of split) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [usual, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const lists = canBeLists(split);
  if (counts.size === 1) return readingsOfTable(split, usual, lists);
  const even = times / split.length;
  if (even >= 0.9 && !(lists && isConsecutive(split))) return [rows]; // a few malformed rows
  const asRows = even >= 0.5 && canBeRows(split.filter(({ length }) => length === usual)) ? [rows] : [];
  if (lists && isAscending(split)) return [...asRows, adjacency];
  return [...asRows, adjacency, sequences];
}

function readingsOfTable(split: readonly (readonly string[])[], width: number, lists: boolean): Reading[] {
  if (width <= 2) return [rows];
  const columns = Array.from({ length: width }, (_, k) => split.map((fields) => fields[k]));
  if (columns.slice(1).some(looksLikeTimes)) return [rows];
  if (width === 3) {
    if (lists && sharesItems(columns)) return [rows, adjacency];
    return looksLikeMatrix(split, width) ? [rows, matrix] : [rows];
  }
  if (looksLikeJester(split)) return [rows, matrix, jester];
  return [rows, ...(lists ? [adjacency] : []), ...(looksLikeMatrix(split, width) || width > 4 ? [matrix] : [])];
}

/** Whether each line begins with the count of its numbers that are not 99. */
function looksLikeJester(split: readonly (readonly string[])[]): boolean {
  return split.every(([count, ...ratings]) => Number(count) === ratings.filter((one) => Number(one) !== 99).length);
}

/** Every line another first number, no item twice on a line, whole numbers only. */
function canBeLists(split: readonly (readonly string[])[]): boolean {
  return (
    new Set(split.map(([first]) => first)).size === split.length &&
    split.every(([, ...items]) => new Set(items).size === items.length) &&
    split.every((fields) => fields.every((field) => /^\d+$/.test(field)))
  );
}

function isAscending(split: readonly (readonly string[])[]): boolean {
  return split.every(([first], line) => line === 0 || Number(first) > Number(split[line - 1][0]));
}

function isConsecutive(split: readonly (readonly string[])[]): boolean {
  return split.every(([first], line) => line === 0 || Number(first) === Number(split[line - 1][0]) + 1);
}

/** Whether the third column holds items as the second does: what ratings do not. */
function sharesItems([, second, third]: readonly (readonly string[])[]): boolean {
  const items = new Set(second);
  const ratings = new Set(third);
  const small = third.every((value) => Number(value) <= largestRating);
  const share = [...ratings].filter((value) => items.has(value)).length / ratings.size;
  return small ? share >= 0.5 && second.every((value) => Number(value) <= 3 * largestRating) : true;
}

/** Whether rows of this width can be user, item, rating and time. */
function canBeRows(split: readonly (readonly string[])[]): boolean {
  const width = split[0].length;
  if (width === 2) return true;
  const times = (k: number) => looksLikeTimes(split.map((fields) => fields[k]));
  return width === 3 ? times(2) || split.every((fields) => Number(fields[2]) <= largestRating) : times(3);
}

/** Whether all numbers are small and zeros speak against ids and ratings. */
function looksLikeMatrix(split: readonly (readonly string[])[], width: number): boolean {
  const numbers = split.flat().map(Number);
  if (!numbers.every((value) => Math.abs(value) <= largestRating || value === 99)) return false;
  if (split.some((fields) => fields.slice(0, 2).some((field) => /[.-]/.test(field)))) return true;
  if (width > 3) return true;
  const zeros = [0, 1, 2].filter((k) => split.some((fields) => fields[k] === "0"));
  return zeros.includes(2) && zeros.length > 1;
}
