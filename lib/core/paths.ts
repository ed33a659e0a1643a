import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { announce } from "./announce";
import { NotFoundError } from "./errors";

/** The name in a folder's `package.json`; `undefined` where there is none. */
function manifestName(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name : undefined;
}

/**
 * The folder of a package of ours.
 *
 * @param start a folder inside it
 * @throws NotFoundError when no folder above is of that package
 * @example
 * packageFolder("recsys-unlearning"); // the folder with its package.json
 */
export function packageFolder(name: string, start = __dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (manifestName(folder) === name) return folder;
    if (folder === dirname(folder))
      throw new NotFoundError(`no folder above ${start} holds the package ${name}`, { remedy: "run npm ci" });
  }
}

/**
 * The folder of the package `recsys-unlearning`, whether the code runs from its sources, from `dist` or where npm
 * installed it.
 *
 * @example
 * const { version } = JSON.parse(await readFile(`${libFolder()}/package.json`, "utf8")) as { version: string };
 */
export function libFolder(): string {
  return packageFolder("recsys-unlearning");
}

/**
 * The root of the checkout that this code lies in; `undefined` where npm installed it as a package.
 *
 * @example
 * const isInstalled = checkoutFolder() === undefined; // no notebooks and no kept records there
 */
export function checkoutFolder(): string | undefined {
  const folder = dirname(libFolder());
  return manifestName(folder) === "recsys-unlearning-workspace" ? folder : undefined;
}

/**
 * The root of the checkout, for what exists only there: notebooks, kept records, the lockfile.
 *
 * @throws NotFoundError in an installed package
 * @example
 * await sha256OfFile(`${repositoryFolder()}/package-lock.json`);
 */
export function repositoryFolder(): string {
  const folder = checkoutFolder();
  if (folder !== undefined) return folder;
  throw new NotFoundError("this needs a checkout of recsys-unlearning; here it is an installed package", {
    where: libFolder(),
    remedy: "clone the repository, and run npm ci and the command there",
  });
}

/**
 * A path inside the checkout.
 *
 * @throws NotFoundError in an installed package
 * @example
 * inRepository("figures", "records"); // where the kept records are
 */
export function inRepository(...parts: string[]): string {
  return join(repositoryFolder(), ...parts);
}

/**
 * A path where results are kept: below the checkout, never relative to the current folder. An installed package has no
 * checkout: there it is below the current folder, which is said.
 *
 * @example
 * inWorkFolder("runs"); // "runs" of the checkout, or of the current folder
 */
export function inWorkFolder(...parts: string[]): string {
  const folder = checkoutFolder() ?? process.cwd();
  if (checkoutFolder() === undefined)
    announce(`recsys-unlearning is an installed package here: results are kept in ${folder}`);
  return join(folder, ...parts);
}

/**
 * How a person starts one of the command lines: `npm run data --` in a checkout, else `npx recsys-unlearning data`.
 *
 * @example
 * `${commandLine("data")} get ml-100k`; // "npm run data -- get ml-100k" in a checkout
 */
export function commandLine(name: string, packageName = "recsys-unlearning"): string {
  return checkoutFolder() === undefined ? `npx ${packageName} ${name}` : `npm run ${name} --`;
}

/**
 * What a person runs where something that `npm run build` makes is missing.
 *
 * @example
 * throw new EngineError("the WebAssembly operations are not built", { remedy: buildRemedy() });
 */
export function buildRemedy(): string {
  return checkoutFolder() === undefined ? "install recsys-unlearning again" : "run npm run build";
}

/**
 * Where downloads are kept: `RECSYS_CACHE`, else `recsys-unlearning` in the person's cache folder.
 *
 * @example
 * cacheFolder(); // such as "/home/me/.cache/recsys-unlearning"
 */
export function cacheFolder(): string {
  const own = process.env["RECSYS_CACHE"];
  if (own !== undefined && own !== "") return own;
  const base = process.env["XDG_CACHE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".cache"), "recsys-unlearning");
}
