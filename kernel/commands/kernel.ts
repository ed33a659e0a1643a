// npm run kernel: installs the kernelspec for a JupyterLab, VS Code or nbclient that the person already has.
import { Command } from "commander";
import { commandLine, RecsysError } from "recsys-unlearning/core";
import { runProgram } from "recsys-unlearning/profiling";
import {
  type Installation,
  installationIn,
  installKernelspec,
  prefixDataFolder,
  uninstallKernelspec,
  userDataFolder,
} from "../installation/kernelspec";

interface Place {
  user?: boolean;
  prefix?: string;
}

function dataFolder({ prefix }: Place): string {
  return prefix === undefined ? userDataFolder() : prefixDataFolder(prefix);
}

function described({ folder, checkout, problem }: Installation): string {
  if (checkout === null) return `not installed in ${folder}`;
  const state = problem === null ? "installed" : `installed, but ${problem}`;
  return `${state} in ${folder}\nnotebooks outside of any checkout or project use ${checkout}`;
}

const command = new Command(commandLine("kernel", "recsys-unlearning-kernel")).description(
  'The kernelspec "TypeScript (recsys-unlearning)" of your own Jupyter.',
);

function subcommand(name: string, description: string, act: (place: Place) => string): void {
  command
    .command(name)
    .description(description)
    .option("--user", "in your own Jupyter folder (the default)")
    .option("--prefix <dir>", "below a prefix, such as a virtual environment or conda environment")
    .action((place: Place) => console.log(act(place)));
}

subcommand("install", "install or refresh it", (place) => described(installKernelspec(dataFolder(place))));
subcommand("uninstall", "remove it", (place) =>
  uninstallKernelspec(dataFolder(place)) ? "removed" : "nothing was installed there",
);
subcommand("status", "say whether and where it is installed", (place) => described(installationIn(dataFolder(place))));

runProgram(command).catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
