import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { Claim } from "../../core";

/** A folder that this process alone writes to for now. */
export interface ClaimedFolder {
  readonly path: string;
  /** Gives the folder up. What is in it stays for whoever claims it next, unless `remove`. */
  release(remove: boolean): Promise<void>;
}

/** What the claim in a work folder is called. */
export const workClaim = "claim";

/**
 * Claims a work folder, so that what an earlier process left there can be continued. Where another living process holds
 * it, a private folder beside it is given instead: two processes then do the same work twice, and neither waits or
 * spoils the other's.
 */
export async function claimFolder(wanted: string): Promise<ClaimedFolder> {
  const ofOurs = () => `${wanted}.${process.pid}.${randomUUID().slice(0, 8)}`;
  await mkdir(wanted, { recursive: true });
  const shared = await Claim.take(wanted, workClaim);
  const path = shared === null ? ofOurs() : wanted;
  await mkdir(path, { recursive: true });
  const claim = shared ?? (await Claim.take(path, workClaim));
  return {
    path,
    async release(remove) {
      if (shared !== null && !remove) return claim?.release(true);
      const grave = ofOurs(); // out of the way at once: whoever claims the name next must lose nothing
      await rename(path, grave);
      await claim?.release(true);
      await rm(grave, { recursive: true, force: true });
    },
  };
}
