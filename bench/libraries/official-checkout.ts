import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { RecsysError } from "recsys-unlearning/core";
import { lastLine, librariesFolder } from "./venvs";

const repository = "https://github.com/hidasib/GRU4Rec_PyTorch_Official";
const commit = "d1fc31105577665d2f105de1c8d9a38d223a9a22";
/** Of both files, one after the other: it does not matter how they came here. */
const sha256 = "7733cf37b17b1cc94a01e0843fcb58096e0e4be91ad86f66598520b1bd1149d4";
const files = ["gru4rec_pytorch.py", "evaluation.py"];
const folder = join(librariesFolder, "gru4rec-official");
const fetchMs = 120_000;

/** Where the author's GRU4Rec is, or `null` before `npm run peers -- --libraries`. */
export function officialGru4Rec(): string | null {
  const paths = files.map((file) => join(folder, file));
  if (!paths.every((path) => existsSync(path))) return null;
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex") === sha256 ? folder : null;
}

/**
 * Fetches the author's GRU4Rec, which is on GitHub alone, once.
 *
 * @throws RecsysError when git or GitHub cannot be had
 */
export async function fetchOfficialGru4Rec(): Promise<void> {
  if (officialGru4Rec() !== null) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]) =>
    promisify(execFile)("git", args, {
      cwd: folder,
      timeout: fetchMs,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    });
  const remedy = `put ${files.join(" and ")} of ${repository}/tree/${commit} into ${folder}`;
  try {
    await git("init", "--quiet");
    await git("fetch", "--quiet", "--depth", "1", repository, commit);
    await git("-c", "core.autocrlf=false", "checkout", "--quiet", "FETCH_HEAD");
  } catch (cause) {
    throw new RecsysError(`the official GRU4Rec cannot be fetched: ${lastLine(cause)}`, { cause, remedy });
  }
  if (officialGru4Rec() === null) throw new RecsysError("the official GRU4Rec is not what it was", { remedy });
}
