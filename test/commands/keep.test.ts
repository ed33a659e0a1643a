// Nothing that is kept is deleted or shortened by keeping something else.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { inRepository, InvalidArgumentError, RecsysError, redirectAnnouncements } from "../../lib/core";
import { keepRecords, readRecords } from "../../lib/experiments";
import type { Sidecar } from "../../lib/figures";
import { keepCommand, type KeepOptions, keepResult } from "../../lib/commands/keep";
import { viewNamed } from "../../lib/reproduction";

redirectAnnouncements(() => undefined);

const name = "ifru-hops";
const view = viewNamed(name);
const whole: KeepOptions = { preset: "full", only: [] };

/** Every file of a folder, by path, as it is. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, "latin1")])));
}

describe("keeping a result", async () => {
  const root = await mkdtemp(join(tmpdir(), "keep-"));
  afterAll(() => rm(root, { recursive: true }));
  let figures: string;
  let other: string;
  beforeEach(async () => {
    figures = await mkdtemp(join(root, "figures-"));
    other = await mkdtemp(join(root, "other-"));
    await cp(inRepository("figures", name), join(figures, name), { recursive: true });
    await cp(inRepository("figures", "records"), join(figures, "records"), {
      recursive: true,
      filter: (path) => !/\.json/.test(path) || path.includes(`${name}-`) || path.endsWith("code.jsonl"),
    });
  });

  /** Keeping must fail, and leave everything as it is. */
  async function expectRefusal(options: KeepOptions, error: typeof RecsysError, message: RegExp): Promise<void> {
    const before = await contentsOf(figures);
    expect(Object.keys(before).length).toBeGreaterThan(5);
    const refused = await keepResult(name, options, figures).catch((reason: unknown) => reason);
    expect(refused).toBeInstanceOf(error);
    expect((refused as Error).message).toMatch(message);
    expect(await contentsOf(figures)).toEqual(before);
  }

  it("again gives the same tables, figures and records", async () => {
    const before = await contentsOf(figures);
    await keepResult(name, whole, figures);
    const after = await contentsOf(figures);
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    const isSidecar = (path: string) => path.endsWith(".json") && !path.includes("/records/"); // commit and machine are in it
    const isCode = (path: string) => path.endsWith("code.jsonl"); // versions that no record here is held to are left out
    for (const [path, content] of Object.entries(after))
      if (isCode(path)) expect(before[path].split("\n")).toEqual(expect.arrayContaining(content.split("\n")));
      else if (!isSidecar(path)) expect(content).toBe(before[path]);
  });

  it("removes figures that are not made any more, by their sidecars, and nothing of anybody else", async () => {
    const folder = join(figures, name);
    const sidecar = { name: `${name}-gone`, dataSha256: "", files: { [`${name}-gone.svg`]: "", "../x": "" } };
    const mine = [`${name}-notes.md`, `${name}-table.xlsx`, `${name}-mine.json`];
    await writeFile(join(folder, `${name}-gone.json`), JSON.stringify(sidecar));
    for (const file of [`${name}-gone.svg`, ...mine]) await writeFile(join(folder, file), "{}");
    await keepResult(name, whole, figures);
    const files = await readdir(folder);
    expect(files).toEqual(expect.arrayContaining(mine));
    expect(files.filter((file) => file.includes("gone"))).toEqual([]);
  });

  it.each<[string, Partial<KeepOptions>, RegExp]>([
    ["--only", { only: ["seed=1"] }, /--only seed=1 selects a part of ifru-hops[^]*--output-dir/],
    ["--seeds", { seeds: 1 }, /--seeds 1 selects a part/],
    ["--seeds that name all", { seeds: 10 }, /--seeds 10 selects a part/],
    ["another preset", { preset: "quick" }, /kept at preset full, not quick[^]*--output-dir/],
  ])("refuses %s where the whole is kept", (_, options, message) =>
    expectRefusal({ ...whole, ...options }, InvalidArgumentError, message),
  );

  it("refuses a store that does not have every run", () =>
    expectRefusal({ ...whole, store: other }, RecsysError, /(\d+) of \1 runs are missing\n.*run ifru-hops.*--store/));

  it("refuses to lose runs that are kept, and names them", async () => {
    const records = await readRecords(view, "full", join(figures, "records"));
    const [{ config, ...record }] = records;
    const further = { ...record, id: "0".repeat(16), config: { ...config, seed: 4321 } };
    await keepRecords(view, "full", [...records, further], join(figures, "records"));
    await expectRefusal(whole, RecsysError, /would lose 1 of the \d+ runs that are kept:\n.*seed 4321/);
  });

  it("writes a part elsewhere, and says in full how it was made", async () => {
    const before = await contentsOf(figures);
    const [{ config }] = await readRecords(view, "full", join(figures, "records"));
    const options = { ...whole, only: [`seed=${config.seed}`], seeds: 3, outputDir: other };
    const paths = await keepResult(name, options, figures);
    expect(await contentsOf(figures)).toEqual(before);
    expect(Object.keys(await contentsOf(other)).sort()).toEqual([...paths].sort());
    const { command } = JSON.parse(await readFile(join(other, name, `${name}-table.json`), "utf8")) as Sidecar;
    expect(command).toBe(keepCommand(name, options));
    expect(command).toContain(`--seeds 3 --only seed=${config.seed} --output-dir `);
    expect(await readFile(join(other, name, `${name}-table.tex`), "utf8")).toContain(command);
    const [there] = await readRecords(view, "full", join(other, "records"));
    const [here] = (await readRecords(view, "full")).filter(({ id }) => id === there.id);
    expect([there.codeVersion, there.heldTo]).toEqual([here.codeVersion, here.heldTo]);
    expect(here.heldTo, "a record that a recomputation has held to later code").toBeDefined();
  });

  it("refuses another preset than a folder of one's own holds", async () => {
    const [quick, full] = (["quick", "full"] as const).map((preset) => ({ ...whole, preset, outputDir: other }));
    await keepResult(name, full, figures);
    const before = await contentsOf(other);
    await expectRefusal(quick, InvalidArgumentError, /kept at preset full, not quick/);
    expect(await contentsOf(other)).toEqual(before);
  });

  it("quotes in the command what a shell would read otherwise", () => {
    const command = keepCommand(name, { ...whole, only: ["kind=a b", "x=$(y)"], store: inRepository("runs") });
    expect(command).toBe(
      "npm run experiment -- keep ifru-hops --preset full --only 'kind=a b' --only 'x=$(y)' --store runs",
    );
  });
});
