import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inRepository } from "recsys-unlearning/core";

const textOf = (...path: string[]): string => readFileSync(inRepository(...path), "utf8");

interface Reference {
  readonly title: string;
  readonly doi?: string;
  readonly url?: string;
}

// That it is what `npm run cite` writes stands in pages.test.ts.
describe("CITATION.cff", () => {
  const citation = parse(textOf("CITATION.cff")) as { version: string; references: Reference[] };
  const faults = (value: object, known: readonly string[], required: readonly string[]) => [
    ...Object.keys(value).filter((key) => !known.includes(key)),
    ...required.filter((key) => !(key in value)),
  ];

  it("has the keys that Citation File Format 1.2.0 asks for, and none that it does not know", () => {
    const [ofWork, ofReference] = [
      ["cff-version", "message", "title", "authors"],
      ["type", "title", "authors"],
    ];
    expect(faults(citation, [...ofWork, "type", "version", "license", "keywords", "references"], ofWork)).toEqual([]);
    const optional = ["year", "journal", "volume", "issue", "start", "end", "doi", "identifiers", "url"];
    for (const reference of citation.references)
      expect(faults(reference, [...ofReference, ...optional], ofReference)).toEqual([]);
    expect(faults({ versoin: "1" }, ofWork, ["title"])).toEqual(["versoin", "title"]);
  });

  it("says the same to a reader of YAML 1.1", () => {
    expect(parse(textOf("CITATION.cff"), { version: "1.1" })).toEqual(citation);
  });

  it("has the version of the packages, and both papers", () => {
    for (const folder of [".", "lib", "kernel"])
      expect(citation.version).toBe((JSON.parse(textOf(folder, "package.json")) as { version: string }).version);
    expect(citation.references.map(({ title, doi, url }) => [title, doi ?? url])).toEqual([
      ["Recommendation Unlearning via Influence Function", "10.1145/3701763"],
      ["Curriculum Approximate Unlearning for Session-based Recommendation", "https://arxiv.org/abs/2508.15263"],
    ]);
  });
});
