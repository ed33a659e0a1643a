import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";
import { expect } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { smallPng } from "../../lib/figures/small-png";
import { inLocal, type NotebookPage } from "./notebook-page";
import { comparePictures } from "./pictures";

const keptFolder = ["test", "browser", "screenshots"];
const keptPath = (name: string) => inRepository(...keptFolder, name);
/** Keeps the screenshots of this run as those to compare with. */
const keeps = process.env["RECSYS_KEEP_SCREENSHOTS"] === "1";

/** What the letters of a screenshot depend on. */
interface Origin {
  readonly platform: string;
  /** Files, one after another. */
  readonly fonts: string;
}

/** The fonts that a browser here draws JupyterLab's text with, as fontconfig tells. */
function originHere(): Origin {
  const found = ["sans-serif", "monospace", "DejaVu Sans"].map((family) => {
    try {
      return execFileSync("fc-match", ["--format=%{file|basename}", family], { encoding: "utf8" });
    } catch {
      return `${family}: unknown`;
    }
  });
  return { platform: process.platform, fonts: found.join(", ") };
}

const originPath = keptPath("origin.json");
let comparable: boolean | undefined;

/** Whether the kept screenshots were made with the fonts of this machine; where not, that is said once. */
function canCompare(): boolean {
  if (comparable !== undefined) return comparable;
  const here = JSON.stringify(originHere(), undefined, 2);
  if (keeps) writeFileSync(originPath, `${here}\n`);
  const kept = existsSync(originPath) ? readFileSync(originPath, "utf8").trim() : "none";
  comparable = kept === here;
  if (!comparable)
    console.log(`screenshots are not compared: the kept ones were made with other fonts (${kept}, here ${here})`);
  return comparable;
}

/** Texts that differ from run to run, and what a screenshot has in their place. */
const changing: readonly (readonly [string, string])[] = [
  ["\\d+(\\.\\d+)? ms\\b", "0 ms"],
  ["\\d+(\\.\\d+)? s\\b", "0 s"],
  ["\\[\\d+\\]", "[1]"],
];

/**
 * A picture of what a cell shows, left in figures/local/browser and compared with the one kept under its name. Times
 * and the numbers of cells are masked.
 */
export async function expectScreenshot<Name extends string>(
  name: string,
  notebook: NotebookPage<Name>,
  of: Name,
): Promise<void> {
  const cell = notebook.cell(of).locator(".jp-Cell-outputWrapper");
  await notebook.page.mouse.move(0, 0);
  await cell.scrollIntoViewIfNeeded();
  await notebook.page.waitForTimeout(600); // charts are drawn after their message has come
  await cell.evaluate(maskTexts, changing);
  const png = await cell.screenshot({ animations: "disabled", caret: "hide", path: inLocal(`${name}.png`) });
  const kept = keptPath(`${name}.png`);
  if (keeps) writeFileSync(kept, smaller(png));
  if (!canCompare()) return;
  const comparison = comparePictures(readFileSync(kept), png);
  expect(comparison, `${name}.png, now in figures/local/browser, is not what test/browser/screenshots has`) // prettier-ignore
    .toMatchObject({ isSame: true });
}

/** The same picture in fewer bytes, with a palette. */
export function smaller(png: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(png);
  return smallPng({ width, height, pixels: data });
}

/** Runs in the page: the texts that were found are replaced on the screen, not in the notebook. */
function maskTexts(cell: Element, masks: readonly (readonly [string, string])[]): void {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue ?? "";
    const masked = masks.reduce((before, [wanted, by]) => before.replace(new RegExp(wanted, "g"), by), text);
    if (masked !== text) node.nodeValue = masked;
  }
}
