import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { table } from "recsys-unlearning/tables";
import { hostileStrings } from "../fixtures/hostile/strings";

function hasLatex(): boolean {
  try {
    execFileSync("pdflatex", ["--version"], { stdio: "ignore" });
    execFileSync("kpsewhich", ["booktabs.sty"], { stdio: "ignore" });
    return true;
  } catch {
    console.log("skipped: compiling tables with a real LaTeX: it needs pdflatex and booktabs");
    return false;
  }
}

describe.skipIf(!hasLatex())("a real LaTeX", () => {
  it("compiles tables of every hostile name, without a single error", () => {
    const folder = mkdtempSync(join(tmpdir(), "latex-"));
    const tables = hostileStrings.map((name, i) =>
      table({
        caption: name,
        label: `tab:${i}`,
        provenance: [name],
        columns: [
          { key: "name", label: name, unit: name },
          { key: "value", better: "higher" },
        ],
        rows: [
          { name, value: { mean: 0.5, sd: 0.1, mark: "*" } },
          { name: "λ ± × ∞ – é", value: 0.25 },
        ],
      }).toLatex(),
    );
    const body = tables.map((tex) => `${tex}\\clearpage\n`).join("");
    const source = `\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n${body}\\end{document}\n`;
    writeFileSync(join(folder, "all.tex"), source);
    const args = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all.tex"];
    const log = execFileSync("pdflatex", args, { cwd: folder, encoding: "utf8" });
    expect(log).not.toMatch(/^!/m);
    expect(log).toMatch(/Output written on all\.pdf \(\d+ pages/);
    rmSync(folder, { recursive: true });
  });
});
