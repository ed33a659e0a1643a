import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { InvalidDataError, NotFoundError } from "../../core";
import { plotlyDrawingPage } from "../interactive";
import type { PlotlyFigure } from "./plotly-figure";

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

/**
 * Draws a plotly figure by plotly.js itself, in a browser of this machine. The picture depends on that browser and its
 * fonts, so committed notebooks never hold one.
 *
 * @param format `"png"` (at twice the density) or `"svg"`
 * @throws NotFoundError where there is no browser, or plotly.js-dist is not installed
 * @throws InvalidDataError where plotly cannot draw the figure
 */
export async function drawInBrowser(figure: PlotlyFigure, format: "png" | "svg"): Promise<Buffer> {
  const browser = localBrowser();
  const folder = await mkdtemp(join(tmpdir(), "plotly-"));
  try {
    const page = join(folder, "figure.html");
    await writeFile(page, plotlyDrawingPage(figure, format));
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const options = ["--headless", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${join(folder, "profile")}`];
    const wait = ["--virtual-time-budget=60000", "--timeout=60000", "--dump-dom", pathToFileURL(page).href];
    const { stdout } = await promisify(execFile)(browser, [...options, ...asRoot, ...wait], {
      maxBuffer: 2 ** 28,
      timeout: 120_000,
    });
    const [, url] = /data-drawn="data:image\/[a-z+]+(?:;base64)?,([^"]*)"/.exec(stdout) ?? [];
    const [, problem = "the browser gave no picture"] = /data-failed="([^"]*)"/.exec(stdout) ?? [];
    if (url === undefined) throw new InvalidDataError(`plotly cannot draw this figure: ${problem}`);
    return format === "png" ? Buffer.from(url, "base64") : Buffer.from(decodeURIComponent(url));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
