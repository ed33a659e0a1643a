import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { NotFoundError, Random, RecsysError } from "recsys-unlearning/core";
import type { Ask, Plain } from "./checks";

/**
 * What a cell's hidden test calls, so nbgrader's own autograde gives the marks of `checks.ts`. It puts a check
 * to the notebook's own functions and says what that earned. `course grade` never runs it. It runs in the student's
 * process, where nothing is protected.
 *
 * @param answers the functions and variables that the check asks for, by name
 * @param folder where the search for `source/<assignment>/checks.ts` begins; it goes upwards. Default: the current one
 * @returns the points, which nbgrader takes for the cell's partial credit
 * @throws RecsysError when nothing is earned: nbgrader gives 0 to a cell that throws
 */
export async function hiddenTest(
  assignment: string,
  name: string,
  answers: Readonly<Record<string, unknown>>,
  folder = process.cwd(),
): Promise<number> {
  const { readChecks } = await import("./load-assignment.js"); // brings a compiler, which other notebooks do without
  const check = readChecks(sourceOf(assignment, folder)).checks.find((one) => one.name === name);
  if (check === undefined) throw new NotFoundError(`the assignment "${assignment}" has no check "${name}"`);
  const student = typeof answers["student"] === "string" ? answers["student"] : "anonymous";
  const draw = { seed: 1, student, random: () => Random.fromSeed(1) };
  const asks = await check.asks(draw);
  const values = asks.map((ask) => evaluated(answers, ask));
  const problems = values.map((value) => (value === undefined ? "it failed" : undefined));
  const { score, comment } = await check.judge(values, draw, problems);
  if (score === 0) throw new RecsysError(comment);
  console.log(comment);
  return score * check.points;
}

function sourceOf(assignment: string, folder: string): string {
  const found = join(folder, "source", assignment);
  if (existsSync(join(found, "checks.ts"))) return found;
  if (dirname(folder) !== folder) return sourceOf(assignment, dirname(folder));
  throw new NotFoundError(`no folder above has source/${assignment}/checks.ts`, {
    remedy: "hidden tests run where the course's sources are",
  });
}

/** `undefined` where it fails, as in the grader. */
function evaluated(answers: Readonly<Record<string, unknown>>, ask: Ask): Plain | undefined {
  try {
    if ("read" in ask) return plain(answers[ask.read]);
    return plain((answers[ask.call] as (...args: readonly Plain[]) => unknown)(...structuredClone(ask.args)));
  } catch {
    return undefined;
  }
}

/** Typed arrays as arrays of numbers, as they cross between processes. */
function plain(value: unknown): Plain {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value as Plain;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
