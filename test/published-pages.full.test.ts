import { readdirSync } from "node:fs";
import { Application, type ProjectReflection, ReflectionKind } from "typedoc";
import { beforeAll, expect, it, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";

// What `npm run docs` would write, short of writing it. The types are checked elsewhere.
let application: Application;
let project: ProjectReflection | undefined;

beforeAll(async () => {
  const options = inRepository("typedoc.json");
  application = await Application.bootstrapWithPlugins({ options, skipErrorChecking: true, logLevel: "Error" });
  project = await application.convert();
  if (project) application.validate(project);
});

const areas = readdirSync(inRepository("lib"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(inRepository("lib", entry.name)).includes("index.ts"))
  .map(({ name }) => name);

it("is made without a warning: no broken link, no @param without its parameter", () => {
  expect(application.logger.errorCount + application.logger.warningCount).toBe(0);
});

it("names every parameter", () => {
  const parameters = project?.getReflectionsByKind(ReflectionKind.Parameter) ?? [];
  expect(parameters.length).toBeGreaterThan(500);
  expect(parameters.filter(({ name }) => name.startsWith("__")).map((unnamed) => unnamed.getFullName())).toEqual([]);
});

test.each(areas)("the page of %s has an introduction", (area) => {
  const summary = project?.getChildByName(area)?.comment?.summary ?? [];
  expect(summary.map(({ text }) => text).join("").length).toBeGreaterThan(100);
});
