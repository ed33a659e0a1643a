import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { escapeHtml, visibleLines } from "recsys-unlearning/core";
import type { Output } from "../client/outputs";
import { type Notebook, type NotebookCell, notebookText, readNotebook } from "../notebook/notebook-file";
import { roleOf } from "./cell-metadata";
import { type Course, notebookName } from "./layout";
import type { Marked } from "./marks";
import { page, points } from "./html";
import { markdownHtml } from "./markdown-html";
import { replaceFile } from "./replace-file";

/** What stands under a cell: points and what was said of it. */
interface Remark {
  readonly title: string;
  readonly points: string;
  readonly comment: string;
  /** Where the notebook has it: the `grade_id` of its cell. */
  readonly cell: string;
}

/**
 * Writes one student's feedback: the notebook with marks and comments under its cells, and the same as a page. Holds
 * what the student's own process gave and what the checks say, and no hidden value.
 *
 * @returns the page's path
 */
export async function writeFeedback(course: Course, one: Marked): Promise<string> {
  const { student, assignment } = one.report;
  const graded = join(course.of("autograded", student, assignment), notebookName(assignment));
  const notebook = await readNotebook(graded).catch(() => undefined);
  const folder = course.of("feedback", student, assignment);
  await mkdir(folder, { recursive: true });
  const remarks = remarksOf(one);
  if (notebook !== undefined) {
    const copy = notebookText(withRemarks(notebook, remarks, one));
    await replaceFile(join(folder, notebookName(assignment)), copy);
  }
  const path = join(folder, `${assignment}.html`);
  await replaceFile(path, feedbackPage(one, notebook, remarks));
  return path;
}

/** Remarks by `grade_id`. */
function remarksOf({ report, manual }: Marked): Map<string, Remark[]> {
  const remarks = new Map<string, Remark[]>();
  const add = (cell: string, remark: Remark) => remarks.set(cell, [...(remarks.get(cell) ?? []), remark]);
  for (const { cell, title, earned, points: of, comment } of report.checks)
    add(cell, { title, points: `${points(earned)} of ${points(of)}`, comment, cell });
  for (const { name, cell, points: of } of report.manual) {
    const mark = manual.get(name);
    const given = mark === undefined ? "not marked yet" : `${points(mark.points)} of ${points(of)}`;
    add(cell, { title: `${name} (by hand)`, points: given, comment: mark?.comment ?? "", cell });
  }
  return remarks;
}

function withRemarks(notebook: Notebook, remarks: ReadonlyMap<string, Remark[]>, one: Marked): Notebook {
  const cells = notebook.cells.flatMap((cell) => {
    const theirs = remarks.get(roleOf(cell)?.gradeId ?? "") ?? [];
    const text = theirs.map(({ title, points: given, comment }) => `**${plain(title)}: ${given}.** ${plain(comment)}`);
    return theirs.length === 0 ? [cell] : [cell, markdown(`feedback-${cell.id}`.slice(0, 64), text.join("\n\n"))];
  });
  const head = `**${totalOf(one)}**\n\n${notes(one)
    .map((note) => `- ${plain(note)}`)
    .join("\n")}`;
  return { ...notebook, cells: [markdown("feedback", head), ...cells] };
}

function totalOf({ report, manual, total, possible }: Marked): string {
  const open = report.manual.filter(({ name }) => manual.get(name) === undefined);
  const left = points(open.reduce((sum, one) => sum + one.points, 0));
  return `${points(total)} of ${points(possible)} points${open.length === 0 ? "" : `; ${left} are still to be given by hand`}`;
}

function markdown(id: string, source: string): NotebookCell {
  return { cell_type: "markdown", id, metadata: {}, source };
}

/** A text that Markdown shows as it is. */
function plain(text: string): string {
  return escapeHtml(text.replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&"));
}

function notes({ report }: Marked): string[] {
  const failed = report.cells.filter(({ status }) => status !== "ok");
  const restored = report.changes.map((change) => `${change}; it was restored`);
  return [
    ...report.problems,
    ...restored,
    ...failed.map(({ id, message }) => `the cell "${id}" did not run to its end: ${message}`),
  ];
}

function feedbackPage(one: Marked, notebook: Notebook | undefined, remarks: ReadonlyMap<string, Remark[]>): string {
  const { report } = one;
  const rows = [...remarks.values()].flat().map((remark) => remarkRow(remark, notebook !== undefined));
  const list = notes(one).map((note) => `<li>${escapeHtml(note)}</li>`);
  const cells = notebook === undefined ? [] : cellsHtml(notebook, remarks);
  return page(`${report.assignment}: ${report.student}`, [
    `<p class="total">${totalOf(one)}</p>`,
    `<table><tr><th>what</th><th>points</th><th>comment</th></tr>\n${rows.join("\n")}</table>`,
    ...(list.length === 0 ? [] : [`<h2>Notes</h2><ul>${list.join("\n")}</ul>`]),
    ...(cells.length === 0 ? [] : ["<h2>Your notebook</h2>", ...cells]),
  ]);
}

/** @param linked whether the page has the cell below */
function remarkRow({ title, points: given, comment, cell }: Remark, linked: boolean): string {
  const name = linked ? `<a href="#${anchor(cell)}">${escapeHtml(title)}</a>` : escapeHtml(title);
  return `<tr><td>${name}</td><td class="points">${escapeHtml(given)}</td><td>${escapeHtml(comment)}</td></tr>`;
}

function anchor(gradeId: string): string {
  return `cell-${escapeHtml(encodeURIComponent(gradeId))}`;
}

/** How many characters of Markdown are rendered in a notebook; what is beyond is shown as it is written. */
const maxRendered = 200_000;

function cellsHtml({ cells }: Notebook, remarks: ReadonlyMap<string, Remark[]>): string[] {
  let left = maxRendered;
  return cells.map((cell) => {
    if (cell.cell_type === "markdown") left -= cell.source.length;
    const isRendered = cell.cell_type === "markdown" && left >= 0 && cell.source.length <= maxShown;
    const source = isRendered ? markdownHtml(cell.source) : `<pre>${linesHtml(cell.source)}</pre>`;
    return cellHtml(cell, source, remarks.get(roleOf(cell)?.gradeId ?? "") ?? []);
  });
}

function cellHtml(cell: NotebookCell, source: string, remarks: readonly Remark[]): string {
  const outputs = (cell.outputs ?? []).map(outputHtml).join("\n");
  const said = remarks.map(
    (one) =>
      `<p class="remark"><b>${escapeHtml(one.title)}: ${escapeHtml(one.points)}.</b> ${escapeHtml(one.comment)}</p>`,
  );
  const id = remarks.length === 0 ? "" : ` id="${anchor(remarks[0].cell)}"`;
  const kind = cell.cell_type === "code" ? "code" : "text";
  return `<div class="${kind}"${id}>${source}${outputs}${said.join("\n")}</div>`;
}

const maxShown = 20_000;
// eslint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;]*m/g;

/** Texts and pictures; what a student's process calls HTML is not shown as such. */
function outputHtml(output: Output): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="output">${linesHtml(output.text)}</pre>`;
    case "error":
      return `<pre class="output error">${linesHtml(output.traceback.join("\n"))}</pre>`;
    case "display_data":
    case "execute_result": {
      const { "image/png": png, "text/plain": text } = output.data;
      if (typeof png === "string" && /^[A-Za-z0-9+/=\s]+$/.test(png))
        return `<img alt="a figure" src="data:image/png;base64,${png.replace(/\s/g, "")}">`;
      return typeof text === "string" ? `<pre class="output">${linesHtml(text)}</pre>` : "";
    }
  }
}

function linesHtml(text: string): string {
  const shown = text.length > maxShown ? `${text.slice(0, maxShown)}\n…` : text;
  return visibleLines(shown.replace(colours, "")).split("\n").map(escapeHtml).join("\n");
}
