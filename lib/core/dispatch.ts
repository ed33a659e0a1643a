import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "./options";
import { packageFolder } from "./paths";

/** What a package's `bin` starts. */
export interface CommandTable {
  /** The package's name, which is what a person types after `npx`. */
  readonly packageName: string;
  /** The folder with a file `<name>.js` for each command. */
  readonly folder: string;
  /** The commands, with what `--help` says of each. */
  readonly commands: Readonly<Record<string, string>>;
}

/**
 * `npx PACKAGE COMMAND …`: starts the file of the command that the process was asked for, as if node had been given
 * that file. Says what there is on `--help`, and sets the exit status for a command that there is not.
 *
 * @example
 * // npx my-package fit --epochs 20: starts fit.js beside this file, with --epochs 20 as its arguments
 * dispatchCommand({ packageName: "my-package", folder: __dirname, commands: { fit: "trains a model of your data" } });
 */
export function dispatchCommand({ packageName, folder, commands }: CommandTable): void {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined || name === "--help" || name === "-h") return console.log(help(packageName, commands));
  if (name === "--version") return console.log(versionOf(packageName, folder));
  if (!Object.hasOwn(commands, name)) {
    console.error(`no command "${name}"\n  remedy: ${didYouMean(name, Object.keys(commands))}`);
    process.exitCode = 1;
    return;
  }
  const file = join(folder, `${name}.js`);
  process.argv = [process.execPath, file, ...rest];
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(file);
}

function help(packageName: string, commands: CommandTable["commands"]): string {
  const lines = Object.entries(commands).map(([name, meaning]) => `  ${name.padEnd(12)}${meaning}`);
  return [
    `Usage: npx ${packageName} <command> [options]`,
    "",
    ...lines,
    "",
    `npx ${packageName} <command> --help says more.`,
  ].join("\n");
}

function versionOf(packageName: string, folder: string): string {
  const manifest = readFileSync(join(packageFolder(packageName, folder), "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
