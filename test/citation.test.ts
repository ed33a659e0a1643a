import { readFileSync } from "node:fs";
import Ajv from "ajv";
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
  const schema = JSON.parse(textOf("test", "fixtures", "cff-1.2.0.schema.json")) as object;
  const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);

  it("is valid by the schema of Citation File Format 1.2.0, which refuses what is not", () => {
    isValid(citation);
    expect(isValid.errors).toBeNull();
    expect(isValid({ ...citation, references: [{ type: "article" }] })).toBe(false);
    expect(isValid({ ...citation, versoin: "1" })).toBe(false);
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
