import fc from "fast-check";
import { Random } from "../../lib/core";

/** A small matrix-factorisation problem of odd shape, rows sorted by user; some users and items have no rows. */
export interface SmallProblem {
  readonly users: number;
  readonly items: number;
  readonly width: number;
  readonly user: Int32Array;
  readonly item: Int32Array;
  readonly userPointers: Int32Array;
  readonly label: Float32Array;
  readonly p: Float32Array;
  readonly q: Float32Array;
  /** More values like p and q, for directions. */
  readonly a: Float32Array;
  readonly b: Float32Array;
}

export function makeProblem(
  users: number,
  items: number,
  rows: number,
  width: number,
  seed: number,
  deviation = 1,
): SmallProblem {
  const random = Random.derive(seed, "problem");
  const user = Int32Array.from({ length: rows }, () => random.integer(users)).sort();
  const userPointers = new Int32Array(users + 1);
  for (const u of user) userPointers[u + 1]++;
  for (let u = 0; u < users; u++) userPointers[u + 1] += userPointers[u];
  const normal = (length: number) => random.fillNormal(new Float32Array(length), deviation);
  return {
    users,
    items,
    width,
    user,
    userPointers,
    item: Int32Array.from({ length: rows }, () => random.integer(items)),
    label: Float32Array.from({ length: rows }, () => random.integer(2)),
    p: normal(users * width),
    q: normal(items * width),
    a: normal(users * width),
    b: normal(items * width),
  };
}

export const smallProblems = fc
  .record({
    users: fc.integer({ min: 1, max: 9 }),
    items: fc.integer({ min: 1, max: 9 }),
    rows: fc.integer({ min: 0, max: 150 }),
    width: fc.integer({ min: 1, max: 70 }),
    seed: fc.integer(),
  })
  .map(({ users, items, rows, width, seed }) => makeProblem(users, items, rows, width, seed, 0.5));

/** Finite float32 values, of any length. */
export const vectors = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, min: -100, max: 100, noNaN: true, noDefaultInfinity: true });
