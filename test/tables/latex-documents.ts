import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { venues } from "recsys-unlearning/figures";
import type { LatexPage, LatexTable } from "recsys-unlearning/tables";

/** A venue as a table has to fit there. */
function pageOf(venue: string): LatexPage {
  const { columnPt, textPt, heightPt, bodyPt, smallestPt, family } = venues[venue];
  return { columnPt, textPt, heightPt, bodyPt, smallestPt, family };
}

/** Classes that papers are set in, with the venue that each is of. */
export const documents: Readonly<Record<string, { preamble: string; page: LatexPage; needs: string }>> = {
  "acmart sigconf": {
    preamble: "\\documentclass[sigconf,nonacm]{acmart}\n\\title{t}\\author{a}",
    ...{ page: pageOf("acm-sigconf"), needs: "acmart.cls" },
  },
  "IEEEtran conference": {
    preamble: "\\documentclass[conference]{IEEEtran}\n\\title{t}\\author{a}",
    ...{ page: pageOf("ieee"), needs: "IEEEtran.cls" },
  },
  "neurips, its page": {
    preamble:
      "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{times}\n" +
      "\\usepackage[textwidth=5.5in,textheight=9in]{geometry}\n\\title{t}\\author{a}",
    ...{ page: pageOf("neurips"), needs: "geometry.sty" },
  },
  llncs: {
    preamble: "\\documentclass{llncs}\n\\title{t}\\author{a}\\institute{i}",
    ...{ page: pageOf("lncs"), needs: "llncs.cls" },
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
export async function complaintsOf(
  preamble: string,
  tables: readonly LatexTable[],
  names?: readonly string[],
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "latex-"));
  const packages = [...new Set(tables.flatMap((made) => made.packages))];
  const body = tables.map(({ latex }, i) => `\\typeout{At table ${i}}\n${latex}\\clearpage\n`).join("");
  const source = `${preamble}\n${packages.join("\n")}\n\\begin{document}\n\\maketitle\nx\n${body}\\end{document}\n`;
  await writeFile(join(folder, "all.tex"), source);
  const args = ["-draftmode", "-interaction=nonstopmode", "-no-shell-escape", "all.tex"]; // boxes, no fonts
  const env = { ...process.env, max_print_line: "1000" };
  const stdout = await new Promise<string>((resolve) => {
    execFile("pdflatex", args, { cwd: folder, env, maxBuffer: 2 ** 28 }, (_, printed) => resolve(printed)); // errors stand in it
  });
  await rm(folder, { recursive: true });
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
