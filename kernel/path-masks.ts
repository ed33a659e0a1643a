import { isAbsolute, parse } from "node:path";

/** What a path becomes in texts that are kept. */
export interface PathMask {
  readonly folder: string;
  /** What stands for the folder itself. */
  readonly by: string;
  /** What stands before paths below it; default: `by` and a slash. */
  readonly below?: string;
}

/** A folder whose own path says nothing: paths below it are relative to it. */
export function relativeTo(folder: string): PathMask {
  return { folder, by: ".", below: "" };
}

/**
 * A text in which folders of this machine are masked: where they stand as whole folders at the beginning of a path, and
 * nowhere else (`/home/me` is not in `/home/meadow` nor in `/mnt/home/me`). The root of the file system is never
 * masked, nor is what is no absolute path, such as an empty `HOME`.
 *
 * @param masks the first that fits is taken
 */
export function maskPaths(text: string, masks: readonly PathMask[]): string {
  return masks.reduce((masked, mask) => maskOne(masked, mask), text);
}

function maskOne(text: string, { folder, by, below = `${by}/` }: PathMask): string {
  const whole = folder.replace(/[\\/]+$/, "");
  if (!isAbsolute(whole) || whole === parse(whole).root || !text.includes(whole)) return text;
  const name = whole.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // Before it no letter, digit or sign of a longer path; after it a slash, or what cannot go on a name.
  const path = new RegExp(
    `(?<![\\p{L}\\p{N}_.\\-~/\\\\])(?:file://)?${name}(?:([\\\\/])|(?![\\p{L}\\p{N}_\\-]|\\.[\\p{L}\\p{N}_\\-]))`,
    "gu",
  );
  return text.replace(path, (_, slash: string | undefined) => (slash === undefined ? by : below));
}
