import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { compiles, itWorks, resolutions } from "./behaviour";
import { Project } from "./project";

/** Why the packages cannot be installed here; `undefined` where they can. */
function noRegistry(): string | undefined {
  try {
    execFileSync("npm", ["view", "zod", "version"], { stdio: "pipe", timeout: 60_000 });
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

const problem = noRegistry();
if (problem !== undefined) console.log(`skipped: no package registry is in reach (${problem})`);

/** This Node, and those that `RECSYS_NODES` names: paths of binaries, separated as in PATH. */
const nodes = [process.execPath, ...(process.env["RECSYS_NODES"] ?? "").split(delimiter).filter((path) => path !== "")];

let project: Project;
beforeAll(() => {
  if (problem !== undefined) return;
  project = new Project();
  project.install("typescript@5.6.3", "@types/node@20.19.43");
}, 300_000);
afterAll(() => project?.remove());

describe.skipIf(problem !== undefined)("the packages, installed by npm", () => {
  describe.each(nodes)("on %s", (node) => itWorks(() => project, node));

  describe.each([true, false])("with skipLibCheck %s", (skipLibCheck) => {
    it.each(resolutions)("have types under $resolution", (given) => compiles(project, given, skipLibCheck));
  });
});
