import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as core from "recsys-unlearning/core";

/** Clears the screen, sets the window's title, colours, reorders text. */
const hostile = "\u001b[2J\u001b]0;title\u0007\u009b31mred\u202e";
// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;

describe("the text of an error", () => {
  const kinds = Object.entries(core).filter(
    (entry): entry is [string, typeof core.InvalidDataError] =>
      typeof entry[1] === "function" && entry[1].prototype instanceof Error,
  );

  it.each(kinds)("%s holds nothing that a terminal obeys, wherever it came from", (_, Kind) => {
    const error = new Kind(`problem ${hostile}\n  second line`, { where: hostile, remedy: hostile });
    for (const text of [error.message, error.stack, error.where, error.remedy]) expect(text ?? "").not.toMatch(unsafe);
    expect(error.message).toContain("red");
  });

  it("keeps the lines of a problem, and makes one of a place", () => {
    const { message } = new core.RecsysError("first\n  second", { where: "a\nb", remedy: "do\nthis" });
    expect(message).toBe("first\n  second\n  at a\\nb\n  remedy: do\nthis");
  });

  it("is safe where it is announced", () => {
    const said: string[] = [];
    const back = core.redirectAnnouncements((line) => said.push(line));
    core.announce(`file ${hostile}\nof two lines`);
    back();
    expect(said).toHaveLength(1);
    expect(said[0]).not.toMatch(unsafe);
    expect(said[0]).toContain("\nof two lines");
  });
});

describe("a command line", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "safe-messages-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (command: string, ...args: string[]) => {
    const env = { ...process.env, RECSYS_CACHE: folder, RECSYS_DATA: folder, FORCE_COLOR: "0" };
    const cli = core.inRepository("lib", "dist", "commands", `${command}.js`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: "utf8" });
    return { status, text: stdout + stderr };
  };

  it.each([
    ["data", ["get", hostile]],
    ["data", [hostile]],
    ["data", ["info", `--${hostile}`]],
    ["experiment", ["show", hostile]],
    ["experiment", ["show", "ifru-accuracy", "--only", hostile]],
    ["experiment", ["run-one", `/nowhere/${hostile}`, "0"]],
    ["figures", [hostile]],
    ["engine", [hostile]],
  ])("%s %j is refused in safe text", (command, args) => {
    const { status, text } = run(command, ...args);
    expect(status).not.toBe(0);
    expect(text).toContain("red");
    expect(text).not.toMatch(unsafe);
  });

  it("tells of a file whose name and content are hostile in safe text", async () => {
    const path = join(folder, `a${hostile.replace("/", "")}.csv`);
    await writeFile(path, `user,item,rating\n${hostile},b,3\nc,d,${hostile}\n`);
    for (const options of [[], ["--drop-bad-rows"], ["--user", hostile]])
      expect(run("data", "info", path, ...options).text).not.toMatch(unsafe);
  });
});
