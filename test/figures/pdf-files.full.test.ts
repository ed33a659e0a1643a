// Every PDF that the command makes of the kept views, for three venues, as poppler reads it.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { texPointsPerInch, venues } from "../../lib/figures/venues";
import { hasPrograms } from "../fixtures/programs";

const run = promisify(execFile);
const names = ["acm-sigconf", "ieee", "neurips"];
/** A folder that the command has filled with them already. */
const given = process.env["RECSYS_FIGURES"];

describe.skipIf(!hasPrograms("reading PDFs with poppler", "pdffonts", "pdfinfo"))("every PDF", async () => {
  const folder = given ?? (await mkdtemp(join(tmpdir(), "pdf-files-")));
  afterAll(() => (given === undefined ? rm(folder, { recursive: true }) : undefined));
  const figures = (...args: string[]) =>
    run(process.execPath, [inRepository("lib/dist/commands/figures.js"), ...args, "--quiet"], { maxBuffer: 2 ** 26 });
  const pdfsIn = async (path: string) =>
    (await readdir(path, { recursive: true })).filter((file) => file.endsWith(".pdf")).map((file) => join(path, file));

  /** Fonts of a PDF: name, type, and whether it is embedded. */
  async function fontsOf(path: string) {
    const { stdout } = await run("pdffonts", [path]);
    return stdout
      .split("\n")
      .slice(2)
      .filter((line) => line !== "")
      .map((line) => ({ name: line.slice(0, 36).trim(), type: line.slice(37, 54).trim(), rest: line.slice(54) }))
      .map(({ name, type, rest }) => ({ name, type, isEmbedded: rest.trim().split(/\s+/).at(-5) === "yes" }));
  }

  it("is made", async () => {
    if (given === undefined)
      await figures(...names.flatMap((name) => ["--venue", name]), "--format", "pdf", "--output-dir", folder);
    for (const name of names) expect((await pdfsIn(join(folder, name))).length, name).toBeGreaterThan(100);
  }, 3_600_000);

  it.each(names)("for %s is as wide as its column or text, in embedded fonts that are outlines", async (name) => {
    const { columnPt, textPt } = venues[name];
    const widths = [columnPt, textPt].map((points) => (72 * points) / texPointsPerInch);
    const wrong: string[] = [];
    for (const path of await pdfsIn(join(folder, name))) {
      const { stdout } = await run("pdfinfo", [path]);
      const width = Number(/^Page size: +([\d.]+) x/m.exec(stdout)?.[1]);
      if (!widths.some((wanted) => Math.abs(width - wanted) <= 0.5)) wrong.push(`${path}: ${width} points wide`);
      if (Number(/^Pages: +(\d+)/m.exec(stdout)?.[1]) !== 1) wrong.push(`${path}: not one page`);
      const fonts = await fontsOf(path);
      const isRight = fonts.every(({ type, isEmbedded }) => isEmbedded && type !== "" && !type.includes("Type 3"));
      if (fonts.length === 0 || !isRight) wrong.push(`${path}: ${JSON.stringify(fonts)}`);
    }
    expect(wrong).toEqual([]);
  });

  it.skipIf(!hasPrograms("figures in a venue's font", "kpsewhich"))("can be set in the venue's font", async () => {
    const own = join(folder, "own");
    await figures("ifru-ablation", "--venue", "acm-sigconf", "--font-family", "venue", "--format", "pdf", "--output-dir", own); // prettier-ignore
    const paths = await pdfsIn(own);
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) {
      const fonts = await fontsOf(path);
      expect(fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
      expect(fonts.map(({ name }) => name).join()).toMatch(/Libertin/);
    }
  });
});
