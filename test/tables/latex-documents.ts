import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LatexPage, LatexTable } from "recsys-unlearning/tables";

/** Classes that papers are set in, and what a table has to fit there, as their documents say. */
export const documents: Readonly<Record<string, { preamble: string; page: LatexPage; needs: string }>> = {
  "acmart sigconf": {
    preamble: "\\documentclass[sigconf,nonacm]{acmart}\n\\title{t}\\author{a}",
    page: { columnPt: 241.14, textPt: 506.29, heightPt: 626, bodyPt: 9, smallestPt: 7, family: "serif" },
    needs: "acmart.cls",
  },
  "IEEEtran conference": {
    preamble: "\\documentclass[conference]{IEEEtran}\n\\title{t}\\author{a}",
    page: { columnPt: 252, textPt: 516, heightPt: 690, bodyPt: 10, smallestPt: 7, family: "times" },
    needs: "IEEEtran.cls",
  },
  "neurips, its page": {
    preamble:
      "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{times}\n" +
      "\\usepackage[textwidth=5.5in,textheight=9in]{geometry}\n\\title{t}\\author{a}",
    page: { columnPt: 397.48, textPt: 397.48, heightPt: 650, bodyPt: 10, smallestPt: 7, family: "times" },
    needs: "geometry.sty",
  },
  llncs: {
    preamble: "\\documentclass{llncs}\n\\title{t}\\author{a}\\institute{i}",
    page: { columnPt: 347.12, textPt: 347.12, heightPt: 549, bodyPt: 10, smallestPt: 7, family: "serif" },
    needs: "llncs.cls",
  },
};

/** Whether pdfLaTeX and files of its are here; says so where they are not. */
export function hasLatex(...files: string[]): boolean {
  try {
    execFileSync("pdflatex", ["--version"], { stdio: "ignore" });
    for (const file of files) execFileSync("kpsewhich", [file], { stdio: "ignore" });
    return true;
  } catch {
    console.log(`skipped: compiling tables with a real LaTeX: it needs pdflatex and ${files.join(", ")}`);
    return false;
  }
}

/** What LaTeX complains of: errors, and boxes that are too wide or too high; after the names of the tables, if any. */
export function complaintsOf(preamble: string, tables: readonly LatexTable[], names?: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "latex-"));
  const packages = [...new Set(tables.flatMap((made) => made.packages))];
  const body = tables.map(({ latex }, i) => `\\typeout{At table ${i}}\n${latex}\\clearpage\n`).join("");
  const source = `${preamble}\n${packages.join("\n")}\n\\begin{document}\n\\maketitle\nx\n${body}\\end{document}\n`;
  writeFileSync(join(folder, "all.tex"), source);
  const args = ["-draftmode", "-interaction=nonstopmode", "-no-shell-escape", "all.tex"]; // boxes, no fonts
  const env = { ...process.env, max_print_line: "1000" };
  const { stdout } = spawnSync("pdflatex", args, { cwd: folder, encoding: "utf8", env });
  rmSync(folder, { recursive: true });
  const complaints = complaintLines(stdout, names);
  const isWhole = /Transcript written/.test(stdout) && !/Fatal error|No pages of output/.test(stdout);
  return isWhole ? complaints : [...complaints, "no document"];
}

function complaintLines(stdout: string, names?: readonly string[]): string[] {
  let name = "";
  const complaints = [];
  for (const line of stdout.split("\n")) {
    const at = /^At table (\d+)/.exec(line);
    if (at !== null && names !== undefined) name = `${names[Number(at[1])]}: `;
    if (/^!|^Overfull|too large for page/.test(line)) complaints.push(name + line);
  }
  return complaints;
}
