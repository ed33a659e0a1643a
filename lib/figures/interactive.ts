import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { escapeHtml, NotFoundError, writeFileAtomic } from "../core";
import { Figure } from "./figure";
import { vegaForBrowsers } from "./libraries";
import type { PlotlyDrawing } from "./plotly/trace";
import { compileSpec } from "./render";

/**
 * Writes an interactive figure as one HTML file that needs nothing else: the library that draws it is in it once
 * (plotly's 11 MB, or vega's half a megabyte), and it may load nothing from anywhere.
 *
 * @param path the file, ending in `.html`
 * @throws NotFoundError when a plotly figure is given and plotly.js-dist is not installed
 * @example
 * const figure = plotlyFigure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], caption: "Two points." });
 * await exportInteractiveHtml(figure, "figures/mine/points.html");
 */
export async function exportInteractiveHtml(figure: PlotlyDrawing | Figure, path: string): Promise<void> {
  await writeFileAtomic(path, interactiveHtml(figure));
}

/** @param library JavaScript that defines `Plotly` or `vega`. Default: the installed one */
export function interactiveHtml(figure: PlotlyDrawing | Figure, library?: string): string {
  return figure instanceof Figure
    ? page(figure.caption, library ?? vegaSource(), interactiveSpec(figure), drawVega)
    : page(figure.caption, library ?? plotlySource(), figure.spec(), drawPlotly);
}

const drawPlotly = `const { data, layout, config } = spec;
Plotly.newPlot("figure", data, layout, config);`;

/** A page that draws a figure once and holds the picture, or why there is none, in an attribute of its body. */
export function plotlyDrawingPage(figure: PlotlyDrawing, format: "png" | "svg"): string {
  const draw = `const { data, layout } = spec;
const size = { width: layout.width ?? 700, height: layout.height ?? 450 };
const told = (name) => (value) => (document.body.dataset[name] = value);
Plotly.newPlot("figure", data, { ...layout, ...size }, { staticPlot: true })
  .then(() => Plotly.toImage("figure", { format: "${format}", scale: ${format === "png" ? 2 : 1}, ...size }))
  .then(told("drawn"), (error) => told("failed")(String(error?.message ?? error)));`;
  return page(figure.caption, plotlySource(), figure.spec(), draw);
}

const drawVega = `new vega.View(vega.parse(spec), { renderer: "svg", container: "#figure", hover: true }).run();`;

/** A figure's vega specification for the screen, where every mark tells its values. */
function interactiveSpec(figure: Figure): unknown {
  const { config, ...spec } = figure.spec("screen");
  const { mark = {}, ...rest } = config as { mark?: object };
  return compileSpec({ ...spec, config: { ...rest, mark: { ...mark, tooltip: true } } });
}

function page(title: string, library: string, spec: unknown, draw: string): string {
  const policy =
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>html, body, #figure { margin: 0; height: 100%; }</style>
<script>${scriptText(library)}</script>
</head>
<body>
<div id="figure"></div>
<script id="spec" type="application/json">${scriptJson(spec)}</script>
<script>
const spec = JSON.parse(document.getElementById("spec").textContent);
${draw}
</script>
</body>
</html>
`;
}

/** JavaScript that cannot end its script element; in JavaScript these spellings mean the same. */
function scriptText(source: string): string {
  return source.replace(/<(?=\/script|!--|script)/gi, "\\x3C");
}

/** JSON that cannot end its script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/** plotly.js-dist is an optional peer of the package (11 MB, which only browsers can run); the checkout has it. */
function plotlySource(): string {
  try {
    return readFileSync(createRequire(__filename).resolve("plotly.js-dist/plotly.js"), "utf8");
  } catch (cause) {
    throw new NotFoundError("plotly.js-dist is not installed", { cause, remedy: "npm install plotly.js-dist@3.7.0" });
  }
}

const vegaSource = (): string => readFileSync(vegaForBrowsers(), "utf8");
