// Marks answers by an assignment's hidden checks directly, without a kernel.
import { readFileSync } from "node:fs";
import { Random } from "recsys-unlearning/core";
import { inRepository } from "../../lib/core";
import type { Assignment, Plain, Verdict } from "recsys-unlearning-kernel/course";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

/** What a student's functions and variables are called. */
export type Answers = Readonly<Record<string, unknown>>;

/** What may cross between the processes: typed arrays become arrays, numbers stay as they are. */
function plain(value: unknown): Plain {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  return value as Plain;
}

function evaluated(
  answers: Answers,
  ask: { call: string; args: readonly Plain[] } | { read: string },
): Plain | undefined {
  try {
    if ("read" in ask) return plain(answers[ask.read]);
    return plain((answers[ask.call] as (...args: Plain[]) => unknown)(...structuredClone([...ask.args])));
  } catch {
    return undefined;
  }
}

/** The verdict of a check of an assignment on some answers. */
export async function verdict({ checks }: Assignment, name: string, answers: Answers, seed = 1): Promise<Verdict> {
  const check = checks.find((each) => each.name === name);
  if (check === undefined) throw new Error(`there is no check "${name}"`);
  const draw = { seed, student: "anonymous", random: () => Random.fromSeed(seed) };
  const asks = await check.asks(draw);
  const values = asks.map((ask) => evaluated(answers, ask));
  const problems = values.map((value) => (value === undefined ? "it failed" : undefined));
  return check.judge(values, draw, problems);
}

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly metadata: { readonly nbgrader?: Readonly<Record<string, unknown>> };
}

/** The cells of an assignment's instructor's version. */
export function cellsOf(name: string): readonly Cell[] {
  const path = inRepository("notebooks", "course", "source", name, `${name}.ipynb`);
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells;
}

/**
 * The functions that the instructor's version declares in some of its cells, after an edit of their source.
 *
 * @param given what those cells use of the cells before them
 * @param edits texts to replace, each of which has to be there
 */
export function instructorsAnswers(
  name: string,
  cells: readonly string[],
  given: Answers,
  edits: readonly (readonly [from: string, to: string])[] = [],
): Answers {
  let source = cells.map((id) => sourceOf(name, id)).join("\n");
  for (const [from, to] of edits) {
    if (!source.includes(from)) throw new Error(`no "${from}" in ${name}: ${cells.join(", ")}`);
    source = source.replace(from, to);
  }
  const { outputText } = transpileModule(source, {
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS },
  });
  const declared = [...source.matchAll(/^function (\w+)/gm)].map(([, name]) => name);
  const body = `${outputText}\nreturn { ${declared.join(", ")} };`;
  return new Function(...Object.keys(given), body)(...Object.values(given)) as Answers;
}

function sourceOf(name: string, id: string): string {
  const cell = cellsOf(name).find(({ metadata }) => metadata.nbgrader?.["grade_id"] === id);
  if (cell === undefined) throw new Error(`${name} has no cell "${id}"`);
  return cell.source.join("");
}
