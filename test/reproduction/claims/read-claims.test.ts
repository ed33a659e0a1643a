import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidDataError, NotFoundError } from "recsys-unlearning/core";
import { builtInParts, checkClaims, type Claim, readClaims, readRemarks, views } from "recsys-unlearning/reproduction";
import { temporaryFolder } from "../../temporary-folders";
import { aboveRetrain, claimOf } from "./made-up";

const file = (content: unknown): string => {
  const path = join(temporaryFolder("claims-"), "claims.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const withClaims = (...claims: unknown[]) => file({ version: 1, about: ["rules"], claims, ours: [] });
const claim = claimOf(aboveRetrain);
const withTest = (change: object) => withClaims({ ...claim, tests: [{ ...aboveRetrain, ...change }] });

describe("reading claims", () => {
  it("gives what the file holds", async () => {
    const own = { id: "own", claim: "ours", view: "ifru-validity", bound: 1 };
    const read = await readClaims(file({ version: 1, about: ["rules"], claims: [claim], ours: [own] }));
    expect(read).toEqual({ about: ["rules"], claims: [claim], ours: [own] });
  });

  it.each([
    ["no JSON", () => file("{"), "no JSON"],
    [
      "another version",
      () => file({ version: 2, about: [], claims: [], ours: [] }),
      "used: 2[^]*version[^]*lib that wrote it",
    ],
    [
      "an unknown field",
      () => withClaims({ ...claim, clam: 1 }),
      'no key "clam"[^]*claims\\[0\\][^]*did you mean "claim"',
    ],
    ["no reading", () => withClaims({ ...claim, reading: undefined }), "it is missing[^]*reading"],
    ["no test", () => withClaims({ ...claim, tests: [] }), "tests[^]*one test or more"],
    ["two of an id", () => withClaims(claim, claim), 'two claims have the id "made-up"'],
    ["an unknown criterion", () => withTest({ holds: "abov" }), '"abov"[^]*tests\\[0\\].holds[^]*did you mean "above"'],
    ["a bound of text", () => withTest({ bound: "1" }), '"1"[^]*tests\\[0\\].bound[^]*give a number'],
    [
      "a wrong option",
      () => withTest({ subject: { method: "ifru", options: { a: [] } } }),
      "subject.options.a[^]*plain value",
    ],
    ["nothing to be faster than", () => withTest({ holds: "faster", against: undefined }), "against[^]*faster than"],
    ["a faster AUC", () => withTest({ holds: "faster", bound: 2 }), 'metric[^]*of "seconds" alone'],
    ["within nothing", () => withTest({ holds: "within", bound: 0 }), "above 0"],
    ["an unknown field of a test", () => withTest({ were: {} }), 'no key "were"[^]*did you mean "where"'],
  ])("refuses %s", async (_, path, message) => {
    const error = await readClaims(path()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidDataError);
    expect(String(error)).toMatch(new RegExp(message));
  });

  it("says that there is no file", async () => {
    await expect(readClaims("nowhere.json")).rejects.toThrow(NotFoundError);
  });

  it("refuses a remark on no claim", async () => {
    const path = file({ version: 1, about: "later", remarks: [{ claim: "made-upp", text: "well" }] });
    await expect(readRemarks([claim], path)).rejects.toThrow('did you mean "made-up"?');
  });
});

describe("names in claims", () => {
  const check = (change: object) => () => checkClaims([claimOf({ ...aboveRetrain, ...change })], views, builtInParts);
  const paper = { mode: "paper" };

  it.each([
    ["a view", { view: "ifru-acuracy" }, 'experiment is called "ifru-acuracy"[^]*did you mean "ifru-accuracy"'],
    ["a metric", { metric: "aucc" }, 'metric of ifru-accuracy is called "aucc"[^]*test 1, metric[^]*mean "auc"'],
    ["a method", { subject: { method: "ifur" } }, 'method of ifru-accuracy is called "ifur"[^]*subject, method'],
    ["another row", { against: { method: "retrian" } }, 'against, method[^]*did you mean "retrain"'],
    ["an option", { subject: { method: "ifru", options: { mod: "paper" } } }, 'option of ifru[^]*did you mean "mode"'],
    ["a value", { subject: { method: "ifru", options: { mode: "papre" } } }, 'mode = "papre"[^]*"paper"'],
    [
      "values that no run has together",
      { subject: { method: "ifru", options: { ...paper, damping: "none" } } },
      "damping",
    ],
    ["a kind of request", { where: { request: "users" } }, 'request of ifru-accuracy is called "users"'],
  ])("are refused of %s that is not there", (_, change, message) => {
    expect(check(change)).toThrow(InvalidDataError);
    expect(check(change)).toThrow(new RegExp(message));
  });

  it("are right in figures/claims.json, whose remarks are of its claims", async () => {
    const { claims, ours } = await readClaims();
    expect(() => checkClaims(claims, views, builtInParts)).not.toThrow();
    expect(new Set(claims.map(({ paper: name }: Claim) => name))).toEqual(new Set(["IFRU", "CAU"]));
    expect(ours.length).toBeGreaterThan(0);
    expect(await readRemarks(claims)).not.toEqual([]);
  });
});
