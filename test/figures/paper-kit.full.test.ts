// figures/paper as an author has it: one command, then LaTeX.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository, sha256 } from "recsys-unlearning/core";
import { hasLatex } from "../tables/latex-documents";
import { documents, includedBy, type KitVenue } from "./paper-kit";

const folder = mkdtempSync(join(tmpdir(), "paper-kit-"));
const kit = join(folder, "kit");
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(kit);
  for (const file of ["acm.tex", "ieee.tex", "references.bib", "figures.json"])
    cpSync(inRepository("figures", "paper", file), join(kit, file)); // without what may have been made there
  make();
}, 600_000);

/** Runs what README.md says. @param more options */
function make(...more: string[]): void {
  const command = inRepository("lib", "dist", "commands", "figures.js");
  const args = [command, "--quiet", "--from", join(kit, "figures.json"), ...more];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** The files that a document can include, by path, with their hashes. */
function bytesIn(made: string): Record<string, string> {
  const files = readdirSync(made, { recursive: true, encoding: "utf8" }).filter((path) => /\.(pdf|tex)$/.test(path));
  return Object.fromEntries(files.sort().map((path) => [path, sha256(readFileSync(join(made, path)))]));
}

function run(command: string, ...args: string[]): string {
  const env = { ...process.env, max_print_line: "1000" };
  const { stdout } = spawnSync(command, args, { cwd: kit, encoding: "utf8", env, maxBuffer: 1e8 });
  return stdout;
}

const latex = (name: string, ...more: string[]) =>
  run("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", ...more, `${name}.tex`);

/** Whether a program is here; says so where it is not. */
function has(program: string): boolean {
  if (spawnSync(program, ["-v"], { stdio: "ignore" }).error === undefined) return true;
  console.log(`skipped: looking into the compiled documents: no ${program} (poppler-utils)`);
  return false;
}

it("makes what the documents include, byte for byte the same again", () => {
  const made = bytesIn(join(kit, "made"));
  const wanted = (Object.keys(documents) as KitVenue[]).flatMap((venue) => {
    const { figures, tables } = includedBy(venue);
    return [...figures.map((path) => `${path}.pdf`), ...tables.map((path) => `${path}.tex`)];
  });
  expect(Object.keys(made)).toEqual([...wanted, "reproducibility.tex"].sort());
  make("--output-dir", join(folder, "again"));
  expect(bytesIn(join(folder, "again"))).toEqual(made);
});

describe.skipIf(!hasLatex("acmart.cls", "IEEEtran.cls", "libertine.sty", "booktabs.sty"))("compiled", () => {
  describe.each(Object.values(documents))("%s.tex", (name) => {
    let said = "";
    beforeAll(() => {
      latex(name, "-draftmode"); // without its PDF
      run("bibtex", name);
      latex(name, "-draftmode");
      said = latex(name);
    }, 600_000);

    it("has two pages, without an error, a box that is too full or an open reference", () => {
      expect(said).toMatch(new RegExp(`Output written on ${name}\\.pdf \\(2 pages`));
      expect(said.split("\n").filter((line) => /^!|^Overfull|too large|undefined/i.test(line))).toEqual([]);
      expect(readFileSync(join(kit, `${name}.bbl`), "utf8")).toMatch(/influence function/i);
    });

    it.skipIf(!has("pdffonts"))("embeds every font, none of them Type 3", () => {
      const [, , ...fonts] = run("pdffonts", `${name}.pdf`).trim().split("\n");
      expect(fonts.length).toBeGreaterThan(3);
      expect(fonts.filter((line) => !/ yes (yes|no)\s+(yes|no)\s+\d+\s+\d+$/.test(line))).toEqual([]);
      expect(fonts.filter((line) => line.includes("Type 3"))).toEqual([]);
    });

    it.skipIf(!has("pdfinfo"))("is a PDF on letter paper", () => {
      expect(run("pdfinfo", `${name}.pdf`)).toMatch(/Pages: +2\n[^]*Page size: +61[12]\.?\d* x 79[12]/);
    });
  });
});
