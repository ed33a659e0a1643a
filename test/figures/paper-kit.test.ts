// figures/paper without a LaTeX: that its documents include what its figures.json makes. `paper-kit.full.test.ts` makes
// and compiles it.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { repositoryFolder } from "recsys-unlearning/core";
import { paperSet } from "recsys-unlearning/figures";
import { viewNamed } from "recsys-unlearning/reproduction";
import { documents, includedBy, kitFile, type KitVenue } from "./paper-kit";

const set = paperSet(kitFile("figures.json"), "figures.json");
const venues = Object.keys(documents) as KitVenue[];
const made = set.make.map(({ venue, name, width }) => {
  const item = name as string;
  const view = viewNamed(item.split("-").slice(0, 2).join("-")).name;
  return { path: `${venue as string}/${view}/${item}`, paper: view.slice(0, 4), kind: kindOf(item), width };
});

function kindOf(item: string): "table" | "figure" {
  return /-table(_|$)/.test(item) ? "table" : "figure";
}

/** What a reader sees of a document: no comments, no commands with names of files, labels and entries. */
function proseOf(text: string): string {
  const [, body] = text.replace(/(?<!\\)%.*/g, "").split("\\begin{document}");
  return body.replace(/\\(cite|ref|label|input|includegraphics|bibliography|bibliographystyle)\{[^}]*\}/g, "");
}

describe("the paper kit", () => {
  it("has a figure and a table of each paper, in every width, and in each document of each paper", () => {
    const combinations = made.map(({ paper, kind, width }) => `${paper} ${kind} ${String(width)}`).sort();
    const all = ["cau-", "ifru"].flatMap((paper) =>
      ["figure", "table"].flatMap((kind) => ["column", "text"].map((width) => `${paper} ${kind} ${width}`)),
    );
    expect(combinations).toEqual(all.sort());
    for (const venue of venues) {
      const own = made.filter(({ path }) => path.startsWith(`${venue}/`));
      expect(own.map(({ paper, kind }) => `${paper} ${kind}`).sort()).toEqual(
        ["cau- figure", "cau- table", "ifru figure", "ifru table"].sort(),
      );
    }
  });

  it.each(venues)("includes in its document for %s what is made for it, and nothing else", (venue) => {
    const { figures, tables } = includedBy(venue);
    const wanted = (kind: string) =>
      made.filter(({ path, kind: own }) => path.startsWith(`${venue}/`) && own === kind).map(({ path }) => path);
    expect([figures.sort(), tables.sort()]).toEqual([wanted("figure").sort(), wanted("table").sort()]);
    expect(set.reproducibility).toBe(true);
    expect(kitFile(`${documents[venue]}.tex`)).toContain("\\input{made/reproducibility}");
  });

  it.each(venues)("types no number into the text for %s, and cites what the bibliography has", (venue) => {
    const text = kitFile(`${documents[venue]}.tex`);
    expect(proseOf(text).match(/[^\n]*(?<![A-Za-z])\d[^\n]*/g)).toBeNull(); // GRU4Rec is a name
    const keys = new Set([...kitFile("references.bib").matchAll(/^@\w+\{([^,]+),/gm)].map(([, key]) => key));
    const cited = [...text.matchAll(/\\cite\{([^}]+)\}/g)].flatMap(([, list]) => list.split(","));
    expect(cited.length).toBeGreaterThan(5);
    expect(cited.filter((key) => !keys.has(key))).toEqual([]);
    expect(cited).toEqual(expect.arrayContaining(["zhang2024ifru", "yang2025cau"]));
  });

  it("commits nothing that can be made again", () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: repositoryFolder(), encoding: "utf8" });
    expect(git("check-ignore", "figures/paper/made/x.tex").trim()).toBe("figures/paper/made/x.tex");
    const kept = git("ls-files", "figures/paper").trim().split("\n");
    expect(kept.filter((path) => !/\.(tex|bib|md)$|figures\.json$/.test(path))).toEqual([]);
  });
});
