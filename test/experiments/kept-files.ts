import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import { repositoryFolder } from "../../lib/core";

/** The files of `figures/` under version control, or of one of its folders: paths from the root of the checkout. */
export function keptPaths(folder = "figures"): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--", folder], { cwd: repositoryFolder(), encoding: "utf8" });
  return listed.split("\0").filter((path) => path !== "");
}

/** The names of a view's kept files. */
export const keptFiles = (view: string): string[] => keptPaths(`figures/${view}`).map((path) => basename(path));
