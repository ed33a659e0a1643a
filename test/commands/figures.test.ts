import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import { drawFigures } from "../../lib/commands/draw-figures";
import { inRepository, NotFoundError, type ProgressEvent, setProgressSink, sha256 } from "../../lib/core";
import type { Sidecar } from "../../lib/figures";

const name = "ifru-ablation";

describe("npm run figures", async () => {
  const folder = await mkdtemp(join(tmpdir(), "figures-"));
  afterAll(() => rm(folder, { recursive: true }));

  it("draws a kept result in all formats, the kept ones with the same bytes", async () => {
    const events: ProgressEvent[] = [];
    setProgressSink((event) => events.push(event));
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await drawFigures([name], folder);
    setProgressSink(undefined);
    const files = await readdir(join(folder, name));
    expect(log.mock.lastCall?.[0]).toContain(`${files.length} files`);
    log.mockRestore();
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
    expect(events.at(-1)).toMatchObject({ label: name, done: all, total: all, finished: true });
    const sidecar = await readFile(join(folder, name, `${name}-forget-auc.json`), "utf8");
    expect(JSON.parse(sidecar)).toMatchObject({ command: `npm run figures -- ${name}`, record: `${name}-full` });
    expect(Object.keys((JSON.parse(sidecar) as Sidecar).files).map((file) => extname(file))).toEqual([
      ".svg",
      ".pdf",
      ".png",
      ".html",
    ]);
  });

  it("names the nearest where there is no such experiment, and draws nothing", async () => {
    const before = await readdir(folder);
    const refused = drawFigures([name, "ifru-acuracy"], folder);
    await expect(refused).rejects.toThrow(NotFoundError);
    await expect(refused).rejects.toThrow(/did you mean "ifru-accuracy"/);
    expect(await readdir(folder)).toEqual(before);
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
