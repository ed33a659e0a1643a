import { join } from "node:path";
import { escapeHtml, writeFileAtomic } from "recsys-unlearning/core";
import { page, points } from "./html";
import type { Course } from "./layout";
import type { LoadedAssignment } from "./load-assignment";
import type { Marked } from "./marks";
import type { NearCopy } from "./near-copies";
import type { Notebook } from "../notebook/notebook-file";
import { checkStatistics, type CheckStatistics, distribution, mean, median } from "./statistics";
import { readSubmission } from "./submission";

/** What is no student's name: no folder is called so. */
const ownSolution = "/";

/** Writes `results/<assignment>/class.html`, for the teacher. @returns its path */
export async function writeClassReport(
  course: Course,
  assignment: LoadedAssignment,
  all: readonly Marked[],
): Promise<string> {
  const notebooks = new Map<string, Notebook>();
  for (const { report } of all) {
    // One that is gone since is compared with nobody's.
    const notebook = (await readSubmission(course, report.student, assignment.name).catch(() => undefined))?.notebook;
    if (notebook !== undefined) notebooks.set(report.student, notebook);
  }
  // It is public with this repository, and handed about where it is not.
  notebooks.set(ownSolution, assignment.source);
  const { nearCopies } = await import("./near-copies.js"); // has the TypeScript compiler, which takes .2 s to load
  const copies = nearCopies(notebooks, assignment.released);
  const path = join(course.results(assignment.name), "class.html");
  await writeFileAtomic(path, classPage(assignment.title, all, copies));
  return path;
}

/** The class report as a page. */
export function classPage(title: string, all: readonly Marked[], copies: readonly NearCopy[]): string {
  if (all.length === 0) return page(title, ["<p>Nothing has been graded yet.</p>"]);
  const totals = all.map(({ total }) => total);
  const open = all.filter(({ manual }) => [...manual.values()].includes(undefined)).length;
  const summary = [
    `${all.length} submissions`,
    `mean ${points(mean(totals))} and median ${points(median(totals))} of ${points(all[0].possible)} points`,
    open === 0 ? "all marked by hand" : `${open} not yet all marked by hand`,
  ];
  return page(`${title}: the class`, [
    `<p>${summary.join("; ")}</p>`,
    "<h2>Totals</h2>",
    distributionTable(all),
    "<h2>Checks</h2>",
    "<p>Discrimination is the correlation with the points everywhere else. Below 0.2, a check tells little, or a",
    "question misleads those who know the subject.</p>",
    checksTable(checkStatistics(all)),
    "<h2>Nearly the same structure</h2>",
    "<p>For a person to look at: likeness proves nothing. Names, literals, comments and space are left out; so is what",
    "was handed out, and what many in the class have, unless long code is the same throughout.</p>",
    copiesTable(copies),
    "<h2>What was wrong with submissions</h2>",
    problemsTable(all),
  ]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell, column) => `<${tag}${numeric(rows, column)}>${cell}</${tag}>`).join("")}</tr>`;
  return `<table>${[cells("th", head), ...rows.map((row) => cells("td", row))].join("\n")}</table>`;
}

/** Columns of numbers are set flush right. */
function numeric(rows: readonly (readonly string[])[], column: number): string {
  const isNumeric = rows.length > 0 && rows.every((row) => /^(-?[\d.]+( %)?|[\d.]+ \/ [\d.]+|)$/.test(row[column]));
  return isNumeric && rows.some((row) => row[column] !== "") ? ' class="number"' : "";
}

const barRem = 24;

function distributionTable(all: readonly Marked[]): string {
  const counts = distribution(all);
  const most = Math.max(...counts);
  const width = 100 / counts.length;
  const rows = counts.map((count, index) => [
    `${points(index * width)} to ${points((index + 1) * width)} %`,
    String(count),
    count === 0 ? "" : `<span class="bar" style="width:${((barRem * count) / most).toFixed(2)}rem"></span>`,
  ]);
  return table(["part of the points", "students", ""], rows);
}

function checksTable(statistics: readonly CheckStatistics[]): string {
  const rows = statistics.map((one) => [
    escapeHtml(one.title),
    points(one.points),
    `${(100 * one.meanScore).toFixed(0)} %`,
    `${one.full} / ${one.none}`,
    one.discrimination === null ? "" : one.discrimination.toFixed(2),
    one.mistakes.map(([name, count]) => `${escapeHtml(name)} (${count})`).join("<br>"),
  ]);
  return table(["check", "points", "mean", "all / nothing", "discrimination", "commonest mistakes"], rows);
}

const copiesShown = 50;

function copiesTable(copies: readonly NearCopy[]): string {
  if (copies.length === 0) return "<p>None.</p>";
  const rows = copies
    .slice(0, copiesShown)
    .map(({ students, overlap }) => [...students.map(studentHtml), `${(100 * overlap).toFixed(0)} %`]);
  const more = copies.length > copiesShown ? `<p>${copies.length - copiesShown} more pairs are not shown.</p>` : "";
  return table(["one", "other", "in common"], rows) + more;
}

function studentHtml(student: string): string {
  return student === ownSolution ? "<em>the assignment's own solution</em>" : escapeHtml(student);
}

function problemsTable(all: readonly Marked[]): string {
  const rows = all.flatMap(({ report }) => {
    const faults = report.checks.flatMap(({ name, fault }) =>
      fault === undefined ? [] : [`check "${name}" failed: ${fault}`],
    );
    const said = [...report.problems, ...report.changes, ...faults];
    return said.length === 0 ? [] : [[escapeHtml(report.student), said.map(escapeHtml).join("<br>")]];
  });
  return rows.length === 0 ? "<p>Nothing.</p>" : table(["student", "what"], rows);
}
