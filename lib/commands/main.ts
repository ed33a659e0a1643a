#!/usr/bin/env node
// npx recsys-unlearning COMMAND …: the command lines of an installed package. In a checkout `npm run COMMAND -- …` starts the same files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, libFolder } from "../core";

/** The files of this folder that are commands, with what `--help` says of each. */
const commands: Readonly<Record<string, string>> = {
  data: "datasets: what there is, what is here, and getting it",
  engine: "what computes: see, install, check or remove engines",
  experiment: "experiments: what is to be computed, computing it, and the tables that come of it",
};

const help = [
  "usage: npx recsys-unlearning <command> [options]",
  "",
  ...Object.entries(commands).map(([name, meaning]) => `  ${name.padEnd(12)}${meaning}`),
  "",
  "npx recsys-unlearning <command> --help says more.",
].join("\n");

function version(): string {
  return (JSON.parse(readFileSync(join(libFolder(), "package.json"), "utf8")) as { version: string }).version;
}

function start(name: string | undefined, rest: readonly string[]): void {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") return console.log(help);
  if (name === "--version" || name === "-V") return console.log(version());
  if (!Object.hasOwn(commands, name)) {
    console.error(`no command "${name}"\n  remedy: ${didYouMean(name, Object.keys(commands))}`);
    process.exitCode = 1;
    return;
  }
  const file = join(__dirname, `${name}.js`);
  process.argv = [process.execPath, file, ...rest]; // as if it had been started itself
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(file);
}

const [name, ...rest] = process.argv.slice(2);
start(name, rest);
