import { hasTag, type NotebookCell } from "../notebook/notebook-file";
import { declaredParameters } from "../notebook/parameters";
import { type CellRole, isManual, roleOf, schemaOf } from "./cell-metadata";
import type { Confinement } from "./box";
import { grade } from "./grade";
import { Judges } from "./judges";
import type { LoadedAssignment } from "./load-assignment";
import { codeStub, privateMarks } from "./release";
import { earnedOf, type Report, rounded } from "./report";
import type { Limits } from "./sandbox";

const schema = 3;

/** What is wrong with an assignment as it is written, without running it. */
export function lint(assignment: LoadedAssignment): string[] {
  const cells = assignment.source.cells.map((cell) => ({ cell, role: roleOf(cell) }));
  return [
    ...duplicates(cells.flatMap(({ role }) => (role === undefined ? [] : [role.gradeId]))),
    ...cells.flatMap(({ cell, role }) => (role === undefined ? [] : lintCell(cell, role))),
    ...lintChecks(assignment),
    ...lintParameters(assignment),
    ...lintRelease(assignment),
  ];
}

function duplicates(ids: readonly string[]): string[] {
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [...new Set(twice)].map((id) => `two cells have the grade_id "${id}"`);
}

function lintCell(cell: NotebookCell, role: CellRole): string[] {
  const { gradeId, grade: graded, points, solution } = role;
  const found: string[] = [];
  if (schemaOf(cell) !== schema) found.push(`"${gradeId}": nbgrader's schema_version is not ${schema}`);
  if (graded && points <= 0) found.push(`"${gradeId}" is graded and has no points`);
  if (graded && !solution && !role.task && cell.cell_type !== "code")
    found.push(`"${gradeId}" is graded by tests and is not a code cell`);
  return found;
}

function lintChecks({ source, checks, manual }: LoadedAssignment): string[] {
  const roles = source.cells.flatMap((cell) => roleOf(cell) ?? []);
  const found: string[] = [];
  for (const { name, cell } of checks)
    if (!roles.some((role) => role.gradeId === cell && role.grade && !isManual(role)))
      found.push(`check "${name}" is for the cell "${cell}", which is not one that tests grade`);
  for (const { name, cell, points } of manual)
    if (!roles.some((role) => role.gradeId === cell && isManual(role) && role.points === points))
      found.push(`"${name}" is for the cell "${cell}", which is not one of ${points} points that a person grades`);
  for (const role of roles.filter(({ grade: graded }) => graded)) {
    const theirs = [...checks, ...manual].filter(({ cell }) => cell === role.gradeId);
    const sum = rounded(theirs.reduce((total, { points }) => total + points, 0));
    if (sum !== role.points) found.push(`"${role.gradeId}" has ${role.points} points, its checks have ${sum}`);
  }
  return found;
}

function lintParameters({ source }: LoadedAssignment): string[] {
  const cell = source.cells.find((candidate) => hasTag(candidate, "parameters"));
  if (cell === undefined || !declaredParameters(source).has("student"))
    return ['no cell tagged "parameters" declares student'];
  if (roleOf(cell) === undefined) return [];
  return ["the cell tagged parameters has metadata of nbgrader: students could not put their name there"];
}

function lintRelease({ released }: LoadedAssignment): string[] {
  const found: string[] = [];
  for (const cell of released.cells) {
    const mark = privateMarks.find((one) => cell.source.includes(one));
    if (mark !== undefined) found.push(`the release shows ${mark} in the cell "${cell.id}"`);
  }
  return found;
}

/** What is wrong with an assignment when it is run: its own solution, and what is handed out. */
export async function rehearse(assignment: LoadedAssignment, how: Confinement, limits: Limits): Promise<string[]> {
  const judges = new Judges(assignment.folder);
  const run = async (notebook: LoadedAssignment["source"]): Promise<Report> => {
    const submission = { student: "anonymous", notebook, problems: [], hash: "" };
    return (await grade(submission, { assignment, secret: "rehearsal", how, limits, judges })).report;
  };
  try {
    const solved = await run(assignment.source);
    return [...lintSolution(solved), ...lintGaps(await run(assignment.released))];
  } finally {
    await judges.close();
  }
}

function lintSolution({ checks, cells }: Report): string[] {
  const failed = cells.filter(({ status }) => status !== "ok");
  const lost = checks.filter(({ earned, points }) => earned < points);
  return [
    ...failed.map(({ id, message }) => `the instructor's version fails in the cell "${id}": ${message}`),
    ...lost.map(
      ({ name, earned, points, comment, fault }) =>
        `the instructor's version has ${earned} of ${points} in "${name}": ${fault ?? comment}`,
    ),
  ];
}

/** The release earns nothing, and nothing but the gaps fails in it before the first gap is reached. */
function lintGaps(report: Report): string[] {
  const first = report.cells.find(({ status }) => status !== "ok");
  const gap = /"([^"]*)"/.exec(codeStub)?.[1] ?? "";
  const earned = earnedOf(report);
  return [
    ...(earned > 0 ? [`the release earns ${earned} points before anybody has written anything`] : []),
    ...(first !== undefined && first.message?.includes(gap) !== true
      ? [`the release fails in the cell "${first.id}" for another reason than a gap: ${first.message}`]
      : []),
  ];
}
