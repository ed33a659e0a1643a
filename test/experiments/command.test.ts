import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type RunStore, type ViewSummary } from "recsys-unlearning/experiments";
import { searches, views } from "recsys-unlearning/reproduction";
import { runCli } from "./kills";
import { newStore } from "./tiny";

const full = process.env["RECSYS_TEST_FULL"] === "1";
const commands = ["list", "verify", "options", "plan", "run", "status", "show", "keep", "search", "clean", "run-one"];

describe("npm run experiment", () => {
  let store: RunStore;
  let firstMs: number;
  const on = (command: string, ...more: string[]) =>
    runCli([command, "ifru-time", "--preset", "tiny", "--store", store.folder, ...more]);
  beforeAll(async () => {
    store = await newStore();
    const start = performance.now();
    await on("run", "--quiet");
    firstMs = performance.now() - start;
  });

  it("list names every experiment with its sizes", async () => {
    const { stdout } = await runCli(["list", "--json"]);
    const listed = JSON.parse(stdout) as { name: string; runs: { tiny: number } }[];
    expect(listed.map(({ name, runs }) => [name, runs.tiny]).slice(0, 2)).toEqual([
      ["ifru-accuracy", 10],
      ["ifru-time", 18],
    ]);
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(views));
  });

  it("plan says what would be computed, those that others rest on among them", async () => {
    const { stdout } = await on("plan", "--json", "--seeds", "3");
    const plan = JSON.parse(stdout) as { compute: boolean; asked: boolean; status: string }[];
    expect(plan.filter(({ asked }) => asked)).toHaveLength(27);
    expect(plan.filter(({ compute }) => compute)).toHaveLength(11);
    const { stdout: text } = await on("plan");
    expect(text).toContain("0 of 18 runs to compute");
    const { stdout: further } = await on("plan", "--seeds", "3");
    expect(further).toMatch(/about .* s of one core, .* with .* \(11 by records of the same settings\)/);
  });

  it("plan without a name says how long each experiment takes, by machine", async () => {
    const { stdout } = await runCli(["plan", "--preset", "tiny", "--store", store.folder, "--json"]);
    const { views: listed, cpu } = JSON.parse(stdout) as {
      cpu: string;
      views: { name: string; compute: number; seconds: number; machines: { cpu: string; seconds: number }[] }[];
    };
    expect(cpu).toBe(cpus()[0].model);
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(views));
    expect(listed.find(({ name }) => name === "ifru-time")).toMatchObject({ compute: 0, seconds: 0 });
    expect(listed[0].seconds).toBeGreaterThan(0); // the runs of ifru-time tell of those of ifru-accuracy
    const { stderr, status } = await runCli(["plan", "--only", "method=ifru"]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/--only is for one experiment[^]*remedy: name it/)]);
  });

  it("run says what it took of what was promised", async () => {
    const { stdout } = await on("run", "--force", "--workers", "1", "--quiet");
    const [, ratio] = /took .* of one core; .* were expected, (\S+) of it \(by the clock/.exec(stdout) ?? [];
    // The same runs, a moment before, in other processes; on a busy machine cores are slower
    expect(Number(ratio)).toBeGreaterThan(0.5);
    expect(Number(ratio)).toBeLessThan(2);
  });

  it("run finds everything there, in a part of the time", async () => {
    const start = performance.now();
    const { stdout, status } = await on("run", "--quiet");
    expect(stdout).toContain("0 computed, 18 there already");
    expect(status).toBe(0);
    expect((performance.now() - start) / firstMs).toBeLessThan(0.7);
  });

  it("status counts", async () => {
    const { stdout } = await on("status", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ name: "ifru-time", preset: "tiny", runs: 18, done: 18 });
  });

  it.each([
    ["text", /speed-up/],
    ["md", /^\*\*Time to forget/],
    ["csv", /^to forget,method/],
    ["tex", /\\toprule/],
  ])("show --format %s", async (format, expected) => {
    const { stdout, status } = await on("show", "--format", format);
    expect(stdout).toMatch(expected);
    expect(status).toBe(0);
  });

  it("show --format json is JSON and nothing else", async () => {
    const { stdout } = await on("show", "--format", "json");
    const summary = JSON.parse(stdout) as ViewSummary;
    expect(summary).toMatchObject({ version: 1, name: "ifru-time", runs: 18, missing: 0, stale: 0 });
    expect(summary.rows).toHaveLength(9);
    for (const row of summary.rows) expect(row.seconds.mean).toBeGreaterThan(0);
  });

  it("show with a store looks nowhere else", async () => {
    const empty = await newStore();
    const { stdout, stderr } = await runCli(["show", "ifru-accuracy", "--store", empty.folder, "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 84, missing: 84, rows: [] });
    expect(stderr).toContain("84 of 84 runs are missing: npm run experiment -- run ifru-accuracy --preset quick");
  });

  it("clean removes what was not finished, and everything if asked", async () => {
    const { stdout } = await runCli(["clean", "--store", store.folder, "--dry-run"]);
    expect(stdout).toContain("would remove 0 folders");
    const { stdout: all } = await runCli(["clean", "--store", store.folder, "--dry-run", "--all"]);
    expect(all).toMatch(/would remove 2\d folders/);
  });

  it.each([
    [["run", "ifru-acuracy"], /did you mean "ifru-accuracy"/, 1],
    [["run", "ifru-accuracy", "--preset", "huge"], /tiny, quick, full/, 1],
    [["run", "ifru-accuracy", "--workers", "0"], /whole number from 1/, 1],
    [["show", "ifru-accuracy", "--only", "method=none"], /no run of ifru-accuracy has method=none/, 1],
    [["run-one", "/nowhere.json", "0"], /no such grid file/, 1],
  ])("%j says what is wrong", async (args, message, expected) => {
    const { stderr, status } = await runCli(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(expected);
  });

  it("--help names every command", async () => {
    const { stdout, status } = await runCli(["--help"]);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ +${command} `, "m"));
    expect(status).toBe(0);
  });

  it.each(full ? commands : ["search"])("%s --help", async (command) => {
    const { stdout, status } = await runCli([command, "--help"]);
    expect(stdout).toContain("Usage:");
    if (command === "search") for (const name of Object.keys(searches)) expect(stdout).toContain(`\n  ${name} `);
    expect(status).toBe(0);
  });

  it("leaves no clock and no machine path in a result", async () => {
    for (const id of await store.ids()) {
      const text = await readFile(join(store.folderOf(id), "result.json"), "utf8");
      expect(text).not.toMatch(/seconds|elapsed/i);
      expect(text).not.toContain(inRepository());
    }
  });
});
