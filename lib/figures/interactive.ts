import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { escapeHtml, NotFoundError, writeFileAtomic } from "../core";
import type { PlotlyFigure } from "./plotly";

/**
 * Writes an interactive figure as one HTML file that needs nothing else: plotly's library is in it once (11 MB), and it may load
 * nothing from anywhere.
 *
 * @param path the file, ending in `.html`
 * @throws NotFoundError when plotly.js-dist is not installed
 */
export async function exportInteractiveHtml(figure: PlotlyFigure, path: string): Promise<void> {
  await writeFileAtomic(path, interactiveHtml(figure, plotlySource()));
}

/** @param library JavaScript that defines `Plotly` */
export function interactiveHtml(figure: PlotlyFigure, library: string): string {
  const policy =
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(figure.caption)}</title>
<style>html, body, #figure { margin: 0; height: 100%; }</style>
<script>${scriptText(library)}</script>
</head>
<body>
<div id="figure"></div>
<script id="spec" type="application/json">${scriptJson(figure.spec())}</script>
<script>
const { data, layout, config } = JSON.parse(document.getElementById("spec").textContent);
Plotly.newPlot("figure", data, layout, config);
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
