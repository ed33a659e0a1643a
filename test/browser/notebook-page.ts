import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type Notebook, readNotebook } from "recsys-unlearning-kernel";
import type { LabServer } from "./lab-server";

const shortMs = 20_000;
const longMs = 90_000;

/** A notebook in JupyterLab, used as a person does: by mouse, keys and menus. Its code cells go by their names. */
export class NotebookPage<Name extends string> {
  constructor(
    readonly page: Page,
    private readonly server: LabServer,
    /** Of the notebook, from the root of the checkout. */
    readonly path: string,
    readonly names: readonly Name[],
  ) {}

  /** Loads the page, and waits for the notebook and its kernel. */
  async open(): Promise<void> {
    await this.page.goto(`${this.server.baseUrl}/lab/tree/${this.path}?reset&token=${this.server.token}`);
    await this.opened();
  }

  /** Waits until the notebook that is in front has all its cells, and a kernel that is idle. */
  async opened(): Promise<void> {
    await this.panel.locator(".jp-Notebook .jp-CodeCell").nth(this.names.length - 1).waitFor({ timeout: longMs }); // prettier-ignore
    await this.idle();
    // For some tenths of a second after it first says so, JupyterLab drops a cell that is run, whatever the kernel.
    await this.page.waitForTimeout(500);
  }

  /** The notebook that is in front. */
  get panel(): Locator {
    return this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  }

  cell(name: Name): Locator {
    return this.panel.locator(".jp-Notebook .jp-CodeCell").nth(this.names.indexOf(name));
  }

  output(name: Name): Locator {
    return this.cell(name).locator(".jp-OutputArea-output");
  }

  /** All that a cell shows as text, in one line. */
  async text(name: Name): Promise<string> {
    return (await this.output(name).allInnerTexts()).join("\n").replace(/\s+/g, " ").trim();
  }

  shows(name: Name, wanted: RegExp, timeout = shortMs): Promise<void> {
    return expect.poll(() => this.text(name), { timeout }).toMatch(wanted) as unknown as Promise<void>;
  }

  /** Puts the cursor into a cell. */
  async edit(name: Name): Promise<void> {
    await this.cell(name).locator(".jp-InputArea-editor .cm-content").click();
  }

  /** Writes other code into a cell, character by character. */
  async write(name: Name, code: string): Promise<void> {
    await this.edit(name);
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(code);
  }

  /** Runs a cell without waiting for its end. */
  async start(name: Name): Promise<void> {
    await this.edit(name);
    await this.page.keyboard.press("Control+Enter");
  }

  async run(name: Name, timeout = longMs): Promise<void> {
    await this.start(name);
    await this.ended(name, timeout);
  }

  /** Waits for the end of a cell that was started. */
  async ended(name: Name, timeout = longMs): Promise<void> {
    await this.prompt(name).filter({ hasText: /\[\d+\]/ }).waitFor({ timeout }); // prettier-ignore
  }

  prompt(name: Name): Locator {
    return this.cell(name).locator(".jp-InputPrompt");
  }

  /** The prompts of all code cells, such as `[1]:`. */
  async prompts(): Promise<string[]> {
    const all = await this.panel.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").allInnerTexts();
    return all.map((text) => text.trim());
  }

  async idle(timeout = longMs): Promise<void> {
    await this.panel.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout });
  }

  /** Interrupts by the keys of command mode. */
  async interrupt(): Promise<void> {
    for (const key of ["Escape", "i", "i"]) await this.page.keyboard.press(key);
  }

  /** Runs all cells by the menu, and waits until none is left. */
  async runAll(timeout = longMs): Promise<void> {
    const before = (await this.prompts()).join();
    await this.menu("Run", "Run All Cells");
    await expect.poll(async () => (await this.prompts()).join(), { timeout: shortMs }).not.toBe(before);
    await this.allEnded(timeout);
  }

  async allEnded(timeout = longMs): Promise<void> {
    await expect.poll(async () => (await this.prompts()).filter((text) => text.includes("*")), { timeout }).toEqual([]);
    await this.idle(timeout);
  }

  /** Chooses from the menus. @param path the menu, then the items down to the one that is meant, as they are written */
  async menu(menu: string, ...path: readonly string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel").getByText(menu, { exact: true }).click();
    for (const item of path)
      await this.page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).last().click();
  }

  /** Presses a button of the dialog that is open. */
  async answer(button: string): Promise<void> {
    await this.page.locator(".jp-Dialog-button").getByText(button, { exact: true }).click();
  }

  /** The errors that cells show. */
  errors(): Promise<string[]> {
    return this.panel.locator('[data-mime-type="application/vnd.jupyter.error"]').allInnerTexts();
  }

  /** Waits until a cell shows the same for a second and a half. */
  async settled(name: Name, timeout = longMs): Promise<void> {
    let [last, since] = ["", performance.now()];
    const quietMs = async () => {
      const now = (await this.cell(name).screenshot()).toString("base64");
      if (now !== last) [last, since] = [now, performance.now()];
      return performance.now() - since;
    };
    await expect.poll(quietMs, { timeout }).toBeGreaterThan(1500);
  }

  /** Moves a slider's handle back and forth, and to an end. @param which of the cell's sliders */
  async drag(cell: Name, which: number, to: "first" | "last"): Promise<void> {
    const handle = this.cell(cell).locator(".noUi-handle").nth(which);
    await handle.scrollIntoViewIfNeeded();
    const at = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    const { mouse } = this.page;
    await mouse.move(x, y);
    await mouse.down();
    for (let i = 0; i < 60; i++) await mouse.move(x + (to === "first" ? -1 : 1) * ((i * 37) % 140), y);
    await mouse.move(x + (to === "first" ? -1000 : 1000), y);
    await mouse.up();
  }

  /** How many charts a cell shows. */
  charts(cell: Name): Promise<number> {
    return this.cell(cell).locator(".vega-embed").count();
  }

  /** The last chart of a cell as it looks, as base64. */
  async chartPicture(cell: Name): Promise<string> {
    return (await this.cell(cell).locator(".vega-embed canvas").last().screenshot()).toString("base64");
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Control+s");
  }

  /** What is stored in the file. */
  saved(): Promise<Notebook> {
    return readNotebook(inRepository(this.path));
  }

  /** A picture of one cell, to be looked at. */
  async picture(name: string, of: Name): Promise<void> {
    await this.cell(of).scrollIntoViewIfNeeded();
    await this.page.waitForTimeout(500);
    await this.cell(of).screenshot({ path: inLocal(`${name}.png`) });
  }

  /** The whole page, scrolled to a cell: for cells that are taller than the page. */
  async view(name: string, of: Name): Promise<void> {
    await this.cell(of).scrollIntoViewIfNeeded();
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path: inLocal(`${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** The name of a file among those that tests leave. */
export const inLocal = (name: string) => inRepository(join("figures", "local", "browser", name));
