import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { Project } from "./project";

// An author's own method in a shipped table, in a folder outside of the checkout, through the packed packages alone.
// The checkout gives its records and the text of the guide, and is not changed.

const data = process.env["RECSYS_DATA"];
const isThere = data !== undefined && existsSync(data);
if (!isThere) console.log("skipped: RECSYS_DATA names no folder of datasets, and the guide trains on MovieLens-100K");

let project: Project;
beforeAll(() => {
  if (!isThere) return;
  project = new Project();
  project.link("@types/node", "typescript");
}, 60_000);
afterAll(() => project?.remove());

describe.skipIf(!isThere)("an author's own method beside the shipped records", () => {
  it("is in the table and the figure that the guide makes, with the shipped numbers as they are", async () => {
    const guides = readFileSync(inRepository("lib", "README.md"), "utf8");
    for (const name of ["my-method.ts", "my-paper.ts"]) {
      const [, text] = guides.split(`\`\`\`ts file=${name}\n`);
      project.write(name, text.split("```")[0]);
    }
    const tsc = project.path("node_modules", "typescript", "bin", "tsc");
    const flags = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck", "my-paper.ts"];
    expect((await project.node([tsc, ...flags])).stdout).toBe("");
    const { stdout, stderr, ok } = await project.node(["my-paper.js", inRepository("figures", "records")]);
    expect(ok, stdout + stderr).toBe(true);
    expect(stdout).toMatch(/Ours +[\d. ±*]+/);
    const shipped = readFileSync(inRepository("figures", "ifru-accuracy", "ifru-accuracy-table.csv"), "utf8");
    const [retrain] = shipped.split("\r\n").filter((line) => /^ML-100K,MF,0.02,Retrain,/.test(line));
    const [auc] = /0\.\d{6,}/.exec(retrain) ?? [];
    const own = readFileSync(project.path("paper", "accuracy.csv"), "utf8");
    expect(own).toContain(auc as string);
    expect(own.split("\r\n").filter((line) => line.includes("Ours"))).toHaveLength(1);
    expect(readFileSync(project.path("paper", "accuracy.tex"), "utf8")).toMatch(/\\begin\{tabular\}[^]*Ours &/);
    expect(readFileSync(project.path("paper", "forget-auc.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  }, 900_000);
});
