import { join } from "node:path";
import { canonicalJson, InvalidArgumentError, sha256 } from "recsys-unlearning/core";
import { cleanedOutputs } from "../notebook/clean-outputs";
import { kernelspecName } from "../notebook/execute-notebook";
import type { Notebook } from "../notebook/notebook-file";
import { withParameters } from "../notebook/parameters";
import type { Output } from "../client/outputs";
import type { Confinement } from "./box";
import { type Ask, askedName, type Check, type Plain, type Verdict } from "./checks";
import type { JudgeReply, JudgeRequest } from "./judge-worker";
import { JudgeError, type Judges, seedOf } from "./judges";
import type { LoadedAssignment } from "./load-assignment";
import { type CheckResult, type Report, rounded } from "./report";
import { restore } from "./restore";
import type { Limits } from "./sandbox";
import { type Answer, Session, tookTooLong } from "./session";
import type { Submission } from "./submission";

/** All that grading one submission takes. */
export interface Grading {
  readonly assignment: LoadedAssignment;
  readonly secret: string;
  readonly how: Confinement;
  readonly limits: Limits;
  readonly judges: Judges;
}

/** A graded submission. */
export interface Graded {
  readonly report: Report;
  /** As it was executed; nothing where it could not be read. */
  readonly notebook: Notebook | undefined;
  /** What executing the notebook took, and the whole. */
  readonly executionMs: number;
  readonly totalMs: number;
}

/** What the marks of a submission depend on beside itself. */
export function basisOf({ assignment, secret, limits }: Pick<Grading, "assignment" | "secret" | "limits">): string {
  return sha256(canonicalJson({ assignment: assignment.hash, secret: sha256(secret), limits }));
}

/**
 * Grades one submission.
 *
 * @throws KernelError where no kernel can be started: that is not the submission's fault
 */
export async function grade(submission: Submission, grading: Grading): Promise<Graded> {
  const start = performance.now();
  const { assignment, how, limits } = grading;
  const { student, problems } = submission;
  if (submission.notebook === undefined) {
    const checks = assignment.checks.map((check) => zero(check, problems[0]));
    const report = reportOf(submission, grading, { checks, changes: [], cells: [] });
    return { report, notebook: undefined, executionMs: 0, totalMs: performance.now() - start };
  }
  const { notebook, changes, named } = restore(assignment.released, submission.notebook);
  const prepared = withParameters(notebook, { student });
  const files = assignment.files.map((file) => [join(assignment.folder, file), file] as const);
  const session = new Session(prepared, how, files, limits);
  try {
    await session.run();
    const executionMs = session.executionMs;
    const checks: CheckResult[] = [];
    for (const check of assignment.checks) checks.push(await checkOne(check, student, session, grading));
    const cells = session.cells.map(({ id, status, message }) => ({
      id,
      status,
      ...(message === undefined ? {} : { message }),
    }));
    const read = { ...submission, problems: [...problems, ...otherName(student, named)] };
    const report = reportOf(read, grading, { checks, changes, cells });
    return { report, notebook: executed(prepared, session), executionMs, totalMs: performance.now() - start };
  } finally {
    await session.close();
  }
}

function reportOf(
  { student, hash, problems }: Submission,
  grading: Grading,
  found: Pick<Report, "checks" | "changes" | "cells">,
): Report {
  const { name, manual } = grading.assignment;
  const wanted = manual.map((one) => ({ name: one.name, cell: one.cell, points: one.points }));
  const head = { format: 1, assignment: name, student, submission: hash, basis: basisOf(grading) } as const;
  return { ...head, problems, ...found, manual: wanted };
}

/** Not wrong, but numbers in the student's texts are those of other data. */
function otherName(student: string, named: string | undefined): string[] {
  if (named === undefined || named === student) return [];
  return [`its first cell names ${JSON.stringify(named)}: the data here are those of ${JSON.stringify(student)}`];
}

function zero({ name, title, cell, points }: Check, comment: string, fault?: string): CheckResult {
  return { name, title, cell, points, earned: 0, comment, ...(fault === undefined ? {} : { fault }) };
}

const ourFault = "the check itself failed: your teacher has been told";

async function checkOne(check: Check, student: string, session: Session, grading: Grading): Promise<CheckResult> {
  const { judges, secret, assignment } = grading;
  const seed = seedOf(secret, assignment.name, student, check.name);
  const request: JudgeRequest = { check: check.name, student, seed };
  try {
    const values: (Plain | undefined)[] = [];
    const problems: (string | undefined)[] = [];
    const slow = new Map<string, Answer>();
    for (const ask of validAsks(await judges.request(request))) {
      const name = askedName(ask);
      // What has taken too long once would again, for each of many arguments.
      const answer = slow.get(name) ?? (await session.ask(ask));
      if ("problem" in answer && answer.problem === tookTooLong) slow.set(name, answer);
      values.push("value" in answer ? answer.value : undefined);
      problems.push("value" in answer ? undefined : answer.problem);
    }
    // Nothing came back: that is no evidence, whatever a judge makes of it.
    if (values.every((value) => value === undefined))
      return { ...zero(check, unwritten(problems[0] ?? "")), mistake: "no value" };
    return resultOf(check, await judges.request({ ...request, given: { values, problems } }));
  } catch (error) {
    // What a check's own functions do wrong costs nobody another check; other errors are ours.
    if (!(error instanceof JudgeError || error instanceof InvalidArgumentError)) throw error;
    return zero(check, ourFault, error.message);
  }
}

/** What is said where the gap is as it was handed out. */
function unwritten(problem: string): string {
  const [, name] = /^([\w.$]+) failed: Error: not implemented$/.exec(problem) ?? [];
  return name === undefined ? problem : `${name} is not written yet: its gap is as it was handed out`;
}

function validAsks(reply: JudgeReply): readonly Ask[] {
  if (!("asks" in reply) || !Array.isArray(reply.asks) || reply.asks.length === 0)
    throw new JudgeError("it asks for nothing");
  for (const ask of reply.asks as readonly Ask[]) askedName(ask);
  return reply.asks as readonly Ask[];
}

function resultOf({ name, title, cell, points }: Check, reply: JudgeReply): CheckResult {
  const { score, comment, mistake } = ("verdict" in reply ? reply.verdict : {}) as Partial<Verdict>;
  if (typeof score !== "number" || !(score >= 0 && score <= 1)) throw new JudgeError(`its score is ${String(score)}`);
  const said = { comment: String(comment ?? ""), ...(typeof mistake === "string" ? { mistake } : {}) };
  return { name, title, cell, points, earned: rounded(score * points), ...said };
}

/** How many characters of output a cell may keep in the graded copy. */
const maxOutputCharacters = 500_000;

function executed(notebook: Notebook, session: Session): Notebook {
  const results = new Map(session.cells.map((result) => [result.id, result]));
  const cells = notebook.cells.map((cell) => {
    const result = results.get(cell.id);
    if (cell.cell_type !== "code" || result === undefined) return cell;
    return { ...cell, outputs: bounded(safeOutputs(result.outputs)), execution_count: result.executionCount };
  });
  const kernelspec = { name: kernelspecName, display_name: "TypeScript (recsys-unlearning)", language: "typescript" };
  return { ...notebook, cells, metadata: { kernelspec } };
}

/** Anything may come from a kernel that runs a stranger's code: what is no output is left out. */
function safeOutputs(outputs: readonly Output[]): Output[] {
  try {
    return cleanedOutputs(outputs.filter(isOutput));
  } catch {
    return [];
  }
}

function isOutput(output: Output): boolean {
  switch (output.output_type) {
    case "stream":
      return typeof output.text === "string" && typeof output.name === "string";
    case "error":
      return (
        Array.isArray(output.traceback) &&
        [output.ename, output.evalue, ...output.traceback].every((text) => typeof text === "string")
      );
    case "display_data":
    case "execute_result":
      return typeof output.data === "object" && output.data !== null;
  }
  return false; // whatever else it calls itself
}

function bounded(outputs: Output[]): Output[] {
  const kept: Output[] = [];
  let left = maxOutputCharacters;
  for (const output of outputs) {
    left -= JSON.stringify(output).length;
    if (left >= 0) kept.push(output);
  }
  const cut = outputs.length - kept.length;
  const note = `… ${cut} outputs of this cell were too long for this copy\n`;
  return cut === 0 ? kept : [...kept, { output_type: "stream", name: "stderr", text: note }];
}
