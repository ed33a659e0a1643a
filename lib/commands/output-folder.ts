import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InvalidArgumentError } from "../core";

/**
 * Checks before anything is computed that files can go into a folder, which need not be there yet.
 *
 * @param flag that names another
 * @throws InvalidArgumentError where it, or a folder that it would be in, is a file
 */
export function requireOutputFolder(folder: string, flag: string): void {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  if (statSync(there).isDirectory()) return;
  throw new InvalidArgumentError("a file stands where a folder should be", {
    where: there,
    remedy: `name another folder: ${flag} DIR`,
  });
}
