import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { checkoutFolder, packageFolder } from "recsys-unlearning/core";

/**
 * The folder of the package `recsys-unlearning-kernel`, whether the code runs from its sources, from `dist` or where
 * npm installed it.
 */
export function kernelFolder(): string {
  return packageFolder("recsys-unlearning-kernel", __dirname);
}

/** The kernel's entry point. */
export function kernelMain(): string {
  return join(kernelFolder(), "dist", "server", "main.js");
}

/**
 * The root that kernels run in: imports of cells are found from it, and paths are relative to it. It is the checkout,
 * or the project in whose `node_modules` npm installed this package; the current folder where there is neither
 * (`npm install --global`).
 */
export function projectFolder(): string {
  const checkout = checkoutFolder();
  if (checkout !== undefined) return checkout;
  const [project] = kernelFolder().split(`${sep}node_modules${sep}`);
  return existsSync(join(project, "package.json")) ? project : process.cwd();
}

/** A path below `projectFolder`. */
export function inProject(...parts: string[]): string {
  return join(projectFolder(), ...parts);
}
