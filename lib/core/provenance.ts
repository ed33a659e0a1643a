import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { sha256 } from "./hash";
import { checkoutFolder, inRepository } from "./paths";

/** How a result was made: stands beside every record, table and figure. */
export interface Provenance {
  /** Commit of the checkout, or `null` outside a git checkout and in an installed package. */
  readonly commit: string | null;
  /** Whether tracked files differed from that commit. */
  readonly dirty: boolean | null;
  readonly lockfileSha256: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
}

function git(...args: string[]): string | null {
  const cwd = checkoutFolder();
  if (cwd === undefined) return null; // an installed package: git would tell of the project that it is installed in
  try {
    const output = execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim();
  } catch {
    return null; // no git, or no checkout: recorded as null
  }
}

function lockfileSha256(): string | null {
  try {
    return sha256(readFileSync(inRepository("package-lock.json")));
  } catch {
    return null; // an installed package has none: recorded as null
  }
}

/** The code and machine of this process. */
export function provenance(): Provenance {
  const status = git("status", "--porcelain", "--untracked-files=no");
  return {
    commit: git("rev-parse", "HEAD"),
    dirty: status === null ? null : status !== "",
    lockfileSha256: lockfileSha256(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
  };
}
