import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { NotFoundError } from "./errors";

function packageFolder(name: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === name)
      return folder;
    if (folder === dirname(folder))
      throw new NotFoundError(`no folder above ${__dirname} holds the package ${name}`, { remedy: "run npm ci" });
  }
}

/** The folder of the lib workspace, whether the code runs from its sources or from `dist`. */
export function libFolder(): string {
  return packageFolder("recsys-unlearning");
}

/** The root of the checkout. Paths of notebooks, data and figures are relative to it, never to the current folder. */
export function repositoryFolder(): string {
  return dirname(libFolder());
}

/** A path inside the checkout. */
export function inRepository(...parts: string[]): string {
  return join(repositoryFolder(), ...parts);
}

/** Where downloads are kept: `RECSYS_CACHE`, else `recsys-unlearning` in the person's cache folder. */
export function cacheFolder(): string {
  const own = process.env["RECSYS_CACHE"];
  if (own !== undefined && own !== "") return own;
  const base = process.env["XDG_CACHE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".cache"), "recsys-unlearning");
}
