import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder, DownloadError, InvalidDataError, moveFileAtomic, sha256OfFile } from "../../lib/core";
import { download } from "../../lib/data/catalogue/download";

/** Files that others published, at one commit of a repository on GitHub. */
export interface Published {
  /** Such as `"rn5l/session-rec"`. */
  readonly repository: string;
  readonly commit: string;
  /** sha256 by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** More than any of them has. */
const maxBytes = 1 << 24;

/**
 * Where the files are, by path: in `FOLDER/REPOSITORY/PATH` of `RECSYS_LEVELS` or `RECSYS_DATA`, else fetched into the
 * cache. A text where they can be had nowhere.
 *
 * @throws InvalidDataError for a file of another content
 */
export async function filesOf({ repository, commit, files }: Published): Promise<Map<string, string> | string> {
  const found = new Map<string, string>();
  for (const [path, sha256] of Object.entries(files)) {
    const given = [process.env["RECSYS_LEVELS"], process.env["RECSYS_DATA"]]
      .map((folder) => join(folder || "none", repository, path))
      .find((file) => existsSync(file));
    try {
      found.set(path, given ?? (await fetched(repository, commit, path, sha256)));
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      const place = `${repository}/${path}`;
      return `${place} is below neither RECSYS_LEVELS nor RECSYS_DATA, and ${error.message.split("\n", 1)[0]}`;
    }
    await requireContent(found.get(path)!, sha256);
  }
  return found;
}

async function fetched(repository: string, commit: string, path: string, sha256: string): Promise<string> {
  const file = join(cacheFolder(), "levels", repository, commit, path);
  if (existsSync(file)) return file;
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.part`;
  await download(`https://raw.githubusercontent.com/${repository}/${commit}/${path}`, part, { maxBytes });
  await requireContent(part, sha256);
  await moveFileAtomic(part, file);
  return file;
}

async function requireContent(file: string, expected: string): Promise<void> {
  const found = await sha256OfFile(file);
  if (found === expected) return;
  throw new InvalidDataError(`this is not the published file: its sha256 is ${found}, not ${expected}`, {
    where: file,
    remedy: "remove it; it is fetched anew",
  });
}
