import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder that this process alone writes to for now. */
export interface ClaimedFolder {
  readonly path: string;
  /** Gives the folder up. What is in it stays for whoever claims it next, unless `remove`. */
  release(remove: boolean): Promise<void>;
}

/**
 * Claims a work folder, so that what an earlier process left there can be continued. Where another living process holds
 * it, a private folder beside it is given instead: two processes then do the same work twice, and neither waits or
 * spoils the other's.
 */
export async function claimFolder(wanted: string): Promise<ClaimedFolder> {
  const path = (await claim(wanted)) ? wanted : `${wanted}.${process.pid}.${randomUUID().slice(0, 8)}`;
  await mkdir(path, { recursive: true });
  return {
    path,
    release: (remove) => rm(remove || path !== wanted ? path : claimFile(path), { recursive: true, force: true }),
  };
}

const claimFile = (folder: string) => join(folder, "claim");

async function claim(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(claimFile(folder), String(process.pid), { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (await isHeld(folder)) return false;
      await rm(claimFile(folder), { force: true });
    }
  }
  return false;
}

async function isHeld(folder: string): Promise<boolean> {
  const holder = Number(await readFile(claimFile(folder), "utf8").catch(() => "0"));
  if (!Number.isInteger(holder) || holder <= 0) return false;
  if (holder === process.pid) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, another person's
  }
}
