import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import { drawFigures } from "../../lib/commands/draw-figures";
import { type FigureFlags, runFigures } from "../../lib/commands/figure-flags";
import { inRepository, NotFoundError, type ProgressEvent, setProgressSink, sha256 } from "../../lib/core";
import type { Sidecar } from "../../lib/figures";

const name = "ifru-ablation";

describe("npm run figures", async () => {
  const folder = await mkdtemp(join(tmpdir(), "figures-"));
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs the command, and gives what it printed. */
  async function printed(run: () => Promise<void>): Promise<string> {
    const lines: string[] = [];
    const spies = (["log", "error"] as const).map((stream) =>
      vi.spyOn(console, stream).mockImplementation((line: string) => void lines.push(line)),
    );
    await run().finally(() => spies.forEach((spy) => spy.mockRestore()));
    return lines.join("\n");
  }

  const draw = (names: string[], flags: Partial<FigureFlags>) =>
    printed(() => runFigures(names, { list: false, outputDir: folder, ...flags }));

  it("draws a kept result in all formats, the kept ones with the same bytes", async () => {
    const events: ProgressEvent[] = [];
    setProgressSink((event) => events.push(event));
    const said = await printed(() => drawFigures([{ name }], { outputDir: folder }));
    setProgressSink(undefined);
    const files = (await readdir(join(folder, name))).filter((file) => file !== "made.json");
    expect(said).toContain(`${files.length} files`);
    const kept = (await readdir(inRepository("figures", name))).filter((file) => /\.(svg|png|csv)$/.test(file));
    expect(kept.length).toBeGreaterThan(5);
    for (const file of kept)
      expect({ file, sha256: sha256(await readFile(join(folder, name, file))) }).toEqual({
        file,
        sha256: sha256(await readFile(inRepository("figures", name, file))),
      });
    const count = (extension: string) => files.filter((file) => extname(file) === extension).length;
    const [figures, all] = [count(".svg"), count(".json")];
    expect([count(".pdf"), count(".png"), all, count(".html")]).toEqual([figures, figures, figures + 1, figures + 1]);
    expect(events.at(-1)).toMatchObject({ label: "figures", done: 1, total: 1, finished: true });
    const sidecar = await readFile(join(folder, name, `${name}-forget-auc.json`), "utf8");
    expect(JSON.parse(sidecar)).toMatchObject({
      command: `npm run figures -- ${name}-forget-auc`,
      record: `${name}-full`,
    });
    expect(Object.keys((JSON.parse(sidecar) as Sidecar).files).map((file) => extname(file))).toEqual([
      ".svg",
      ".pdf",
      ".png",
      ".html",
    ]);
  });

  it("names the nearest where there is no such experiment, and draws nothing", async () => {
    const before = await readdir(folder);
    const refused = drawFigures([{ name: [name, "ifru-acuracy"] }], { outputDir: folder });
    await expect(refused).rejects.toThrow(NotFoundError);
    await expect(refused).rejects.toThrow(/did you mean "ifru-accuracy"/);
    expect(await readdir(folder)).toEqual(before);
  });

  it("leaves what is unchanged, makes anew what is damaged or missing, and keeps the old files of what fails", async () => {
    const flags = { venue: ["ieee"], format: "svg,csv" };
    const wanted = [`${name}-forget-auc`, `${name}-table`];
    const path = (file: string) => join(folder, "ieee", name, file);
    expect(await draw(wanted, flags)).toMatch(/2 drawn \(4 files\)/);
    const drawn = await readFile(path(`${name}-forget-auc.svg`));
    expect(await draw(wanted, flags)).toMatch(/0 drawn \(0 files\), 2 unchanged/);
    await writeFile(path(`${name}-forget-auc.svg`), "<svg/>");
    expect(await draw(wanted, flags)).toMatch(/1 drawn \(2 files\), 1 unchanged/);
    expect((await readFile(path(`${name}-forget-auc.svg`))).equals(drawn)).toBe(true);
    const patch = join(folder, "patch.json");
    await writeFile(patch, '{"layer": 7}');
    expect(await draw(wanted, { ...flags, patch })).toMatch(/failed, the old files stay: ifru-ablation-forget-auc/);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect((await readFile(path(`${name}-forget-auc.svg`))).equals(drawn)).toBe(true);
  });

  it("writes a figures.json, which makes the same bytes again", async () => {
    const save = join(folder, "figures.json");
    const selected = { venue: ["icml"], method: ["ifru", "retrain"], format: "svg,tex", label: ["forget AUC=AUC_f"] };
    await draw([`${name}-forget-auc`, `${name}-table`], { ...selected, grey: true, decimals: "3", save });
    const bytesIn = async (below: string) => {
      const files = (await readdir(join(below, "icml", name))).sort();
      return Promise.all(files.map(async (file) => [file, sha256(await readFile(join(below, "icml", name, file)))]));
    };
    const again = join(folder, "again");
    await draw([], { from: save, outputDir: again });
    expect(await bytesIn(again)).toEqual(await bytesIn(folder));
    expect(await bytesIn(again)).toHaveLength(5);
    const sidecar = JSON.parse(await readFile(join(again, "icml", name, `${name}-table.json`), "utf8")) as Sidecar;
    expect(sidecar.options).toMatchObject({ venue: { columnPt: 234.8775 }, decimals: 3, grey: true });
    const latex = await readFile(join(again, "icml", name, `${name}-table.tex`), "utf8");
    expect(latex).toContain(`% options ${JSON.stringify(sidecar.options)}`);
  });

  it("refuses a selection that fits nothing, a venue that does not exist, and names beside a file", async () => {
    await expect(draw([name], { method: ["ifruu"] })).resolves.toMatch(/the method "ifruu"[^]*did you mean "ifru"/);
    process.exitCode = undefined;
    await expect(draw([name], { venue: ["ieeee"] })).rejects.toThrow(/did you mean "ieee"/);
    await expect(draw([name], { from: join(folder, "figures.json") })).rejects.toThrow(/give one of the two/);
    await expect(draw([name], { seeds: ["3-1"] })).rejects.toThrow(/"3-1" is no seed/);
    const file = join(folder, "figures.json", "x");
    await expect(draw([name], { outputDir: file })).rejects.toThrow(/a file stands where[^]*--output-dir DIR/);
    await expect(draw([`${name}-forgt`], {})).resolves.toMatch(/has no figure or table "ifru-ablation-forgt"/);
    process.exitCode = undefined;
  });

  it("lists figures by their names, and says what is for tables only", async () => {
    expect(await draw([`${name}-forget-auc`], { list: true })).toMatch(/ifru-ablation-forget-auc/);
    await expect(draw(["ifru-ablatoin"], { list: true })).rejects.toThrow(/did you mean "ifru-ablation"/);
    expect(await draw([`${name}-forget-auc`], { format: "tex,csv" })).toMatch(/tex, csv are for tables/);
  });

  it("--help loads nothing that draws", async () => {
    const cli = inRepository("lib", "dist", "commands", "figures.js");
    const script = `process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))));
      require(${JSON.stringify(cli)});`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, "--", "--help"]);
    const [usage, ...rest] = stdout.trim().split("\n");
    expect(usage).toContain("Usage: npm run figures -- [options] [names...]");
    const loaded = JSON.parse(rest.at(-1) ?? "") as string[];
    expect(loaded).toContain(cli);
    expect(loaded.filter((path) => /dist.(reproduction|experiments|figures|engine)\b/.test(path))).toEqual([]);
  });
});
