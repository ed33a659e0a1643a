import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { InvalidArgumentError, InvalidDataError, NotFoundError } from "recsys-unlearning/core";
import { plotlyFigure, savedPlotlyFigure } from "recsys-unlearning/figures";
import { type FigureFlags, runFigures } from "../../lib/commands/figure-flags";
import { NotDrawnError } from "../../lib/figures/plotly/values";

const line = { data: [{ x: [1, 2], y: [3, 4], name: "a <b>b</b>" }], layout: { title: { text: "Two &amp; two" } } };
const violin = { data: [{ type: "violin", y: [1, 2, 3] }], layout: {} };

describe("plotly figures that were saved", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plotly-files-"));
  afterAll(() => rm(folder, { recursive: true }));
  const saved = async (name: string, value: unknown) => {
    const path = join(folder, name);
    await writeFile(path, typeof value === "string" ? value : JSON.stringify(value));
    return path;
  };
  const draw = async (names: string[], flags: Partial<FigureFlags> = {}) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const outputDir = join(folder, "out");
    await runFigures(names, { list: false, outputDir, ...flags }).finally(() => log.mockRestore());
    return outputDir;
  };

  it("are drawn by the command, each with a sidecar, the same bytes again", async () => {
    const path = await saved("My Line.json", line);
    const out = await draw([path], { format: "svg,pdf,png" });
    expect((await readdir(out)).sort()).toEqual(["my-line.json", "my-line.pdf", "my-line.png", "my-line.svg"]);
    const before = await readFile(join(out, "my-line.pdf"));
    await draw([path], { format: "svg,pdf,png" });
    expect((await readFile(join(out, "my-line.pdf"))).equals(before)).toBe(true);
    const sidecar = JSON.parse(await readFile(join(out, "my-line.json"), "utf8")) as object;
    expect(sidecar).toMatchObject({ caption: "Two & two", options: { browser: false }, kind: "figure" });
  });

  it("read back as they were written, plotly's markup with them", () => {
    const figure = plotlyFigure({ ...line, caption: "c" });
    const again = savedPlotlyFigure(JSON.stringify(figure.spec()), "f.json");
    expect(again.spec().data).toEqual(figure.spec().data);
    expect(savedPlotlyFigure(JSON.stringify(line), "f.json").spec().data).toEqual(line.data);
    expect(again.toSvg()).toBe(plotlyFigure({ ...line, caption: "Two & two" }).toSvg());
  });

  it("are refused by name where they cannot be drawn, read or told apart", async () => {
    const [a, b] = [await saved("violin.json", violin), await saved("broken.json", "{")];
    await expect(draw([a])).rejects.toThrow(NotDrawnError);
    await expect(draw([b])).rejects.toThrow(InvalidDataError);
    await expect(draw([await saved("list.json", [1])])).rejects.toThrow(/no plotly figure/);
    await expect(draw([join(folder, "none.json")])).rejects.toThrow(NotFoundError);
    await expect(draw([a, a])).rejects.toThrow(/drawn as violin/);
    await expect(draw([a, "cau-main"])).rejects.toThrow(/cau-main/);
    await expect(draw([a], { venue: ["ieee"] })).rejects.toThrow(/venue/);
    await expect(draw([a], { format: "tex" })).rejects.toThrow(InvalidArgumentError);
    await expect(draw(["cau-main"], { browser: true })).rejects.toThrow(/without a browser/);
    await expect(plotlyFigure({ ...line, caption: "c" }).save(join(folder, "a.gif"))).rejects.toThrow(/\.html/);
  });

  it("say what to install where there is no browser", async () => {
    const path = await saved("violin.json", violin);
    vi.stubEnv("PATH", folder).stubEnv("CHROMIUM", "");
    const refused = draw([path], { browser: true, format: "png" });
    await expect(refused).rejects.toThrow(NotFoundError);
    await expect(refused).rejects.toThrow(/install Chromium or Chrome/);
    vi.unstubAllEnvs();
  });
});
