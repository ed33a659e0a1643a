import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { RecsysError } from "recsys-unlearning/core";
import { inProject } from "../folders";

/** JupyterLab cannot be had on this machine as it is. */
class LabError extends RecsysError {}

/**
 * What is installed where none is found; PyPI's `plotly` carries JupyterLab's renderer for plotly figures, and
 * `jupyterlab_widgets` and `anywidget` what draws controls.
 */
const pins = ["jupyterlab==4.6.6", "plotly==7.1.0", "jupyterlab_widgets==3.0.17", "anywidget==0.11.0"];
const oldestMajor = 4;

const quickMs = 30_000;
const venvMs = 120_000;
const installMs = 600_000;

/** A JupyterLab that answers. */
export interface JupyterLab {
  /** The folder with `jupyter-lab`, or `null` when it is on the PATH. */
  readonly bin: string | null;
  readonly version: string;
}

const run = promisify(execFile);

/** The path of one of JupyterLab's commands. */
export function labCommand({ bin }: Pick<JupyterLab, "bin">, name: string): string {
  return bin === null ? name : join(bin, name);
}

/**
 * The JupyterLab to use: the one on the PATH, else the one in the checkout's `.venv`, which is made from PyPI when
 * there is none.
 *
 * @param say takes one line for the person
 * @throws LabError when neither is to be had, with what to do
 */
export async function findJupyterLab(say: (line: string) => void): Promise<JupyterLab> {
  const onPath = await answering(null);
  if (onPath !== undefined && Number.parseInt(onPath.version) >= oldestMajor) return onPath;
  if (onPath !== undefined) say(`JupyterLab ${onPath.version} on this machine is older than ${oldestMajor}; not used.`);
  const venv = inProject(".venv");
  const complete = join(venv, ".complete");
  const bin = join(venv, process.platform === "win32" ? "Scripts" : "bin");
  const wanted = `${pins.join("\n")}\n`;
  // One that was made before a pin changed lacks what is needed now.
  if (!existsSync(complete) || readFileSync(complete, "utf8") !== wanted) {
    say(`No JupyterLab ${oldestMajor} as needed; installing ${pins.join(", ")} from PyPI into .venv (about 30 s) …`);
    await install(venv, bin);
    writeFileSync(complete, wanted);
  }
  const own = await answering(bin);
  if (own !== undefined) return own;
  throw new LabError("the JupyterLab in .venv does not answer", { remedy: "remove the folder .venv and try again" });
}

async function answering(bin: string | null): Promise<JupyterLab | undefined> {
  try {
    const { stdout } = await run(labCommand({ bin }, "jupyter-lab"), ["--version"], { timeout: quickMs });
    return { bin, version: stdout.trim() };
  } catch {
    return undefined; // not there, or broken: the next one is tried
  }
}

async function install(venv: string, bin: string): Promise<void> {
  const byHand = `install JupyterLab ${oldestMajor} yourself (pip install ${pins.join(" ")}) and put it on the PATH`;
  rmSync(venv, { recursive: true, force: true });
  await run("python3", ["-m", "venv", venv], { timeout: venvMs }).catch((cause: unknown) => {
    throw new LabError("python3 with its venv module is needed to install JupyterLab, and is not here", {
      remedy: `install python3 (on Debian: apt install python3-venv), or ${byHand}`,
      cause,
    });
  });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1"];
  await run(join(bin, "python"), [...pip, ...pins], { timeout: installMs }).catch((cause: unknown) => {
    const said = String((cause as { stderr?: string }).stderr ?? cause).trim();
    throw new LabError(`PyPI could not be reached, or did not have ${pins.join(", ")}: ${said.split("\n").at(-1)}`, {
      remedy: `check the network, or ${byHand}`,
      cause,
    });
  });
}

/** What JupyterLab draws by extensions: the folder that each is installed in, and the package that brings it. */
const extensions = [
  { draws: "plotly figures", folder: ["jupyterlab-plotly"], from: "plotly" },
  { draws: "controls", folder: ["@jupyter-widgets", "jupyterlab-manager"], from: "jupyterlab_widgets" },
  { draws: "controls with a front end of their own", folder: ["anywidget"], from: "anywidget" },
] as const;

/** The extensions that this JupyterLab does not have: static pictures stand for what they would draw. */
export async function missingExtensions(
  lab: JupyterLab,
  env: NodeJS.ProcessEnv,
): Promise<readonly { readonly draws: string; readonly from: string }[]> {
  const { stdout } = await run(labCommand(lab, "jupyter"), ["--paths", "--json"], { timeout: quickMs, env });
  const { data } = JSON.parse(stdout) as { data: string[] };
  return extensions.filter(({ folder }) => !data.some((path) => existsSync(join(path, "labextensions", ...folder))));
}
