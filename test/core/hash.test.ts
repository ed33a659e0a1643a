import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { canonicalJson, InvalidArgumentError, sha256, sha256OfFile } from "recsys-unlearning/core";

describe("sha256", () => {
  it("agrees with FIPS 180-4", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("of a file is that of its bytes, over several reads of a stream", async () => {
    const folder = await mkdtemp(join(tmpdir(), "core-hash-"));
    try {
      const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => (i * 31) % 251);
      await writeFile(join(folder, "bytes"), bytes);
      expect(await sha256OfFile(join(folder, "bytes"))).toBe(sha256(bytes));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(entries.reverse());
}

describe("canonicalJson", () => {
  it("spells as RFC 8785 does", () => {
    expect(canonicalJson({ b: [1e21, 0.1, -0], a: "é\n", "": null })).toBe('{"":null,"a":"é\\n","b":[1e+21,0.1,0]}');
  });

  property.prop([fc.jsonValue()])("reads back as the same value", (value) => {
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  property.prop([fc.jsonValue()])("does not depend on the order of keys", (value) => {
    expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
  });

  it.each([NaN, Infinity, -Infinity])("refuses %s, however deep", (value) => {
    expect(() => canonicalJson({ metrics: [{ value }] })).toThrow(InvalidArgumentError);
    expect(() => canonicalJson({ metrics: [{ value }] })).toThrow(/canonical JSON[^]*use null for NaN/);
  });

  it("refuses undefined at the top, and leaves out options that are undefined", () => {
    expect(() => canonicalJson(undefined)).toThrow(InvalidArgumentError);
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});
