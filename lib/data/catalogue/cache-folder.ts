import { join } from "node:path";
import { cacheFolder } from "../../core";

/** A dataset's folder in the cache. */
export function cacheOf(name: string): string {
  return join(cacheFolder(), "data", name);
}

/** The folder of the person's own copies, `RECSYS_DATA`; empty for none. */
export function ownFolder(): string {
  return process.env["RECSYS_DATA"] ?? "";
}
