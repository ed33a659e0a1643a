// A checker of Stryker's that lets only the mutants of the sample pass: a range that is to be mutated also holds those
// inside of it.
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { keyOf } from "./sample.mjs";

/** Where the checker, a process of its own, finds the keys of the sample. */
export const sampleVariable = "RECSYS_MUTANT_SAMPLE";
/** Where vitest, in another, finds which tests run, and whether each file loads all modules anew. */
export const testsVariable = "RECSYS_MUTANT_TESTS";
export const notInSample = "not in the sample";

class InSample {
  async init() {
    this.keys = new Set(JSON.parse(readFileSync(process.env[sampleVariable], "utf8")));
  }

  async check(mutants) {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, this.verdict(mutant)]));
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  verdict({ fileName, location, mutatorName, replacement }) {
    const file = relative(process.cwd(), fileName).split(sep).join("/");
    const isDrawn = this.keys.has(keyOf(file, location, mutatorName, replacement, 0));
    return isDrawn ? { status: "passed" } : { status: "compileError", reason: notInSample };
  }
}

export const strykerPlugins = [{ kind: "Checker", name: "in-sample", injectableClass: InSample }];
