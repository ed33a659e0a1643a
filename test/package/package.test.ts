import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { compiles, itWorks, resolutions } from "./behaviour";
import { Project } from "./project";

// The packages as `npm pack` makes them, in a project outside of the checkout. What they depend on is linked from the
// checkout; `package.full.test.ts` installs it from the registry.

let project: Project;
beforeAll(() => {
  project = new Project();
  project.link("@types/node", "typescript");
});
afterAll(() => project.remove());

describe("the packages", () => {
  it.each([
    ["recsys-unlearning", 1_280_000], // an eighth of it is the tensor backend with a shared heap
    ["recsys-unlearning-kernel", 220_000],
  ])("%s holds what was built, types, README and LICENSE, in at most %i bytes", (name, limit) => {
    const { files, size } = project.tarballs.find((tarball) => tarball.name === name)!;
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]));
    const others = files.filter((file) => !/^dist\/.*(\.js|\.d\.ts|\.wasm)$/.test(file)).sort();
    const own =
      name === "recsys-unlearning"
        ? ["data/catalogue/catalogue.json", "dist/code.json"]
        : ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"].map(
            (file) => `share/jupyter/kernels/recsys-unlearning/${file}`,
          );
    expect(others).toEqual(["LICENSE", "README.md", "package.json", ...own].sort());
    expect(size).toBeLessThan(limit);
    const license = readFileSync(project.path("node_modules", name, "LICENSE"), "utf8");
    expect(license).toBe(readFileSync(inRepository("LICENSE"), "utf8"));
  });

  itWorks(() => project);

  // The strictest; `package.full.test.ts` has all.
  const quick = resolutions.filter(({ resolution }) => resolution === "nodenext");
  it.each(quick)("have types under $resolution", (given) => compiles(project, given, true));
});
