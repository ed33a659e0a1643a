import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { InvalidDataError, NotFoundError } from "../../core";
import { plotlyDrawingPage } from "../interactive";
import { sizeOfSvg } from "../render";
import type { PlotlyDrawing } from "./trace";

/** The variable that names a browser's program. */
const variable = "CHROMIUM";
const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The browser that draws where only plotly can: the one `CHROMIUM` names, else the first Chromium on the path.
 *
 * @throws NotFoundError where there is none
 */
export function localBrowser(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment[variable];
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return named;
    throw new NotFoundError(`${variable} names ${named}, which is no program`, {
      remedy: "give a browser's full path",
    });
  }
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = folders.flatMap((folder) => programs.map((name) => join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  throw new NotFoundError("no browser was found to draw a plotly figure", {
    remedy: `install Chromium or Chrome, or set ${variable} to the path of its program`,
  });
}

/** A browser needs seconds to read plotly's 11 MB, on a busy machine minutes. */
const mostMs = 300_000;

/** What a browser can make of a plotly figure. */
export type BrowserFormat = "svg" | "pdf" | "png";

/**
 * Draws a plotly figure by plotly.js itself, in a browser of this machine. The picture depends on that browser and its
 * fonts, so committed notebooks never hold one.
 *
 * @param format `"png"` (at twice the density), `"svg"`, or `"pdf"` (a pixel is 1/96 inch)
 * @throws NotFoundError where there is no browser, or plotly.js-dist is not installed
 * @throws InvalidDataError where plotly cannot draw the figure
 * @example
 * const figure = plotlyFigure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], caption: "Two points." });
 * await writeFileAtomic("figures/mine/points.pdf", await drawInBrowser(figure, "pdf"));
 */
export async function drawInBrowser(figure: PlotlyDrawing, format: BrowserFormat): Promise<Buffer> {
  const browser = localBrowser();
  const folder = await mkdtemp(join(tmpdir(), "plotly-"));
  try {
    const drawn = await drawnBy(browser, folder, figure, format === "png" ? "png" : "svg");
    return format === "pdf" ? await printedBy(browser, folder, drawn.toString("utf8")) : drawn;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function drawnBy(browser: string, folder: string, figure: PlotlyDrawing, format: "png" | "svg"): Promise<Buffer> {
  const page = join(folder, "figure.html");
  await writeFile(page, plotlyDrawingPage(figure, format));
  const stdout = await runBrowser(browser, folder, ["--virtual-time-budget=60000", "--dump-dom"], page);
  const [, url] = /data-drawn="data:image\/[a-z+]+(?:;base64)?,([^"]*)"/.exec(stdout) ?? [];
  const [, problem = `the browser gave no picture in ${mostMs / 1000} seconds`] =
    /data-failed="([^"]*)"/.exec(stdout) ?? [];
  if (url === undefined) throw new InvalidDataError(`plotly cannot draw this figure: ${problem}`);
  return format === "png" ? Buffer.from(url, "base64") : Buffer.from(decodeURIComponent(url));
}

/** A page as large as the picture, printed: the browser embeds the fonts it drew with. */
async function printedBy(browser: string, folder: string, svg: string): Promise<Buffer> {
  const { width, height } = sizeOfSvg(svg);
  const style = `@page { size: ${width}px ${height}px; margin: 0 } body { margin: 0 } svg { display: block }`;
  const [page, pdf] = [join(folder, "print.html"), join(folder, "figure.pdf")];
  await writeFile(page, `<!doctype html><meta charset="utf-8"><style>${style}</style>${svg}`);
  await runBrowser(browser, folder, ["--no-pdf-header-footer", `--print-to-pdf=${pdf}`], page);
  return readFile(pdf);
}

/** Runs a browser without a window on a page of this machine. @returns what it prints */
async function runBrowser(browser: string, folder: string, what: readonly string[], page: string): Promise<string> {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const options = ["--headless", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${join(folder, "profile")}`];
  const all = [...options, ...asRoot, `--timeout=${mostMs}`, ...what, pathToFileURL(page).href];
  const { stdout } = await promisify(execFile)(browser, all, { maxBuffer: 2 ** 28, timeout: 1.2 * mostMs });
  return stdout;
}
