import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { kernelArgv } from "../client/kernel-client";
import { inProject, kernelFolder } from "../folders";

/** JupyterLab asks once whether it may fetch news; a research tool does not. */
const settings = { "@jupyterlab/apputils-extension/notification.jupyterlab-settings": { fetchNews: "false" } };

/** Writes the settings that a person has not set into a folder of JupyterLab's user settings. */
export function writeLabSettings(folder: string): void {
  for (const [name, content] of Object.entries(settings)) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(content)}\n`);
  }
}

/**
 * The environment in which JupyterLab sees our kernelspec and nothing of the person's own Jupyter, nor writes to it:
 * settings, data and run-time files lie in `.cache/jupyter` of the checkout or project.
 *
 * @param bin the folder of JupyterLab's commands, or `null` when they are on the PATH
 */
export function labEnvironment(bin: string | null): NodeJS.ProcessEnv {
  const own = inProject(".cache", "jupyter");
  const folders = { config: join(own, "config"), data: join(own, "data"), runtime: join(own, "runtime") };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  writeLabSettings(join(folders.config, "lab", "user-settings"));
  writeKernelspec(join(own, "share"));
  const joined = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join(delimiter);
  return {
    ...process.env,
    PATH: joined([bin, dirname(process.execPath), process.env["PATH"]]),
    JUPYTER_PATH: joined([join(own, "share"), process.env["JUPYTER_PATH"]]),
    JUPYTER_CONFIG_DIR: folders.config,
    JUPYTER_DATA_DIR: folders.data,
    JUPYTER_RUNTIME_DIR: folders.runtime,
  };
}

/** Our kernelspec, with the Node that runs now and its snapshot. */
function writeKernelspec(folder: string): void {
  const kernels = join("kernels", "recsys-unlearning");
  cpSync(join(kernelFolder(), "share", "jupyter", kernels), join(folder, kernels), { recursive: true });
  const path = join(folder, kernels, "kernel.json");
  const spec = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, `${JSON.stringify({ ...spec, argv: kernelArgv() }, null, 2)}\n`);
}

/**
 * The arguments of `jupyter-lab`: it serves the checkout or project and opens on notebooks/ where there is such a
 * folder.
 *
 * @param extra what the person adds, such as `--no-browser`
 */
export function labArguments(extra: readonly string[]): string[] {
  const start = [join("notebooks", "00-start-here.ipynb"), "notebooks"].find((path) => existsSync(inProject(path)));
  return [
    `--ServerApp.root_dir=${inProject()}`,
    `--LabApp.default_url=/lab${start === undefined ? "" : `/tree/${start}`}`,
    "--MultiKernelManager.default_kernel_name=recsys-unlearning",
    // The kernel limits output itself; the server would drop messages in the middle.
    "--ZMQChannelsWebsocketConnection.limit_rate=False",
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ...extra,
  ];
}
