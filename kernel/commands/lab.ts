// npm run lab: JupyterLab on notebooks/, with our kernel. What follows `--` goes to jupyter-lab.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Command } from "commander";
import { commandLine, RecsysError } from "recsys-unlearning/core";
import { projectFolder } from "../folders";
import { labArguments, labEnvironment } from "../lab/environment";
import { findJupyterLab, labCommand, missingExtensions } from "../lab/jupyterlab";
import { prepareFastStart } from "../snapshot/make";

const command = new Command(commandLine("lab", "recsys-unlearning-kernel"))
  .description(
    "JupyterLab on notebooks/ with this project's kernel, without touching your own Jupyter. Uses the JupyterLab on this machine, " +
      "or makes one in .venv from PyPI.",
  )
  .argument("[arguments...]", "go to jupyter-lab, such as --no-browser or --port=9999")
  .allowUnknownOption();

async function main(given: string[]): Promise<void> {
  await prepareFastStart();
  const lab = await findJupyterLab(console.log);
  const env = labEnvironment(lab.bin);
  console.log(`JupyterLab ${lab.version}, kernel "TypeScript (recsys-unlearning)"`);
  for (const { draws, from } of await missingExtensions(lab, env))
    console.log(`Static pictures will stand for ${draws}; \`pip install ${from}\` beside this JupyterLab draws them.`);
  const args = labArguments(given);
  const child = spawn(labCommand(lab, "jupyter-lab"), args, { env, cwd: projectFolder(), stdio: "inherit" });
  // Ctrl-C reaches JupyterLab itself, which asks whether it is meant; this process waits for its answer.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.once("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
  });
}

main(command.parse().args).catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
