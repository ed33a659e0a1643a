import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "../lib/core";

interface Entry {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  resolved?: string;
  link?: boolean;
}

const text = readFileSync(inRepository("package-lock.json"), "utf8");
const packages = (JSON.parse(text) as { packages: Record<string, Entry> }).packages;

/** Where node finds `name` from the package at `path`: in its own node_modules, else further up. */
function found(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

describe("the lockfile", () => {
  // `npm install` leaves out a package that the registry does not have at that moment, and `npm ci` then refuses to
  // install.
  it("holds every package that a package of it asks for, also the optional ones of other platforms", () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !found(path, name) && !found("", name))
        .map((name) => `${path} asks for ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("holds no addresses", () => {
    const addresses = Object.values(packages).flatMap(({ resolved, link }) => (link === true ? [] : (resolved ?? [])));
    expect(addresses).toEqual([]);
    expect(text).not.toMatch(/"resolved": "https?:/);
  });
});
