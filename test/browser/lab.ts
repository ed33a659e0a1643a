import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type NotebookCell, readNotebook, writeNotebook } from "recsys-unlearning-kernel";
import { peerPython } from "../../bench/peers";
import { writeLabSettings } from "../../kernel/lab/environment";
import { localBrowser } from "../../lib/figures/plotly/browser";
import { temporaryFolder } from "../temporary-folders";
import { LabServer } from "./lab-server";
import { NotebookPage } from "./notebook-page";

/** Where tests leave notebooks and screenshots, to be looked at. */
export const localFolder = join("figures", "local", "browser");

function browserPath(): string | undefined {
  try {
    return localBrowser();
  } catch {
    return undefined;
  }
}

const missing = [
  ...(peerPython() === null ? ["JupyterLab (npm run peers)"] : []),
  ...(browserPath() === undefined ? ["Chromium (apt-get install chromium, or its path in CHROMIUM)"] : []),
];

const themes = { light: "JupyterLab Light", dark: "JupyterLab Dark" } as const;

/** Tests in JupyterLab as `npm run lab` starts it, in a real browser. Without the two they are skipped, and say so. */
export function describeInLab(name: string, tests: (lab: Lab) => void, theme: keyof typeof themes = "light"): void {
  if (missing.length > 0) console.log(`skipped: ${name} needs ${missing.join(" and ")}`);
  describe.skipIf(missing.length > 0)(name, () => {
    const lab = new Lab(theme);
    beforeAll(() => lab.start(), 240_000);
    afterAll(() => lab.stop());
    tests(lab);
  });
}

/** A JupyterLab with settings of its own, and a browser. */
export class Lab {
  server!: LabServer;
  browser!: Browser;

  constructor(private readonly theme: keyof typeof themes) {}

  async start(): Promise<void> {
    mkdirSync(inRepository(localFolder), { recursive: true });
    const settings = temporaryFolder("lab-settings-");
    writeLabSettings(settings);
    const themeFile = join(settings, "@jupyterlab", "apputils-extension", "themes.jupyterlab-settings");
    writeFileSync(themeFile, JSON.stringify({ theme: themes[this.theme] }));
    const folders = { user_settings_dir: settings, workspaces_dir: temporaryFolder("lab-workspaces-") };
    this.server = await LabServer.start(...Object.entries(folders).map(([name, path]) => `--LabApp.${name}=${path}`));
    const options = ["--no-sandbox", "--use-gl=swiftshader", "--font-render-hinting=none"];
    this.browser = await chromium.launch({ executablePath: browserPath(), args: options });
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.server?.stop();
  }

  /** Opens a new notebook with these code cells, by their names. */
  async create<Name extends string>(file: string, cells: Readonly<Record<Name, string>>): Promise<NotebookPage<Name>> {
    const path = join(localFolder, file);
    const list = Object.entries<string>(cells).map(([id, source]): NotebookCell => {
      return { cell_type: "code", id, metadata: {}, source, outputs: [], execution_count: null };
    });
    const kernelspec = { name: "recsys-unlearning", display_name: "TypeScript", language: "typescript" };
    await writeNotebook(inRepository(path), { cells: list, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
    return this.open(path, Object.keys(cells) as Name[]);
  }

  /** Opens a copy of a notebook of the checkout, so that saving it changes nothing there. Its cells go by their ids. */
  async copy(notebook: string): Promise<NotebookPage<string>> {
    const content = await readNotebook(inRepository(notebook));
    const path = join(localFolder, notebook.replaceAll("/", "-"));
    await writeNotebook(inRepository(path), content);
    return this.open(path, codeCells(content.cells));
  }

  /** Opens a notebook of `localFolder`. @param names of its code cells, in their order */
  async open<Name extends string>(path: string, names: readonly Name[]): Promise<NotebookPage<Name>> {
    const size: BrowserContextOptions = { viewport: { width: 1100, height: 1400 } };
    const page = await this.browser.newPage({ ...size, acceptDownloads: true });
    const notebook = new NotebookPage(page, this.server, path, names);
    await notebook.open();
    return notebook;
  }
}

function codeCells(cells: readonly NotebookCell[]): string[] {
  return cells.filter(({ cell_type: type }) => type === "code").map(({ id }) => id);
}
