import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { sha256 } from "./hash";
import { checkoutFolder, inRepository } from "./paths";

/** How a result was made: stands beside every record, table and figure. */
export interface Provenance {
  /** Commit of the clone, or of the archive that the checkout was unpacked from; `null` where neither is known. */
  readonly commit: string | null;
  /**
   * Whether tracked sources differed from that commit; figures, notebooks and documentation compute nothing. `null`
   * where git cannot tell: in an unpacked archive and in an installed package.
   */
  readonly dirty: boolean | null;
  readonly lockfileSha256: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** What computed, where that makes a difference between machines: a library, its kernels and threads. */
  readonly engine?: string;
}

let engine: string | undefined;

/**
 * Has every later provenance say what computes.
 *
 * @example
 * recordEngine("OpenBLAS 0.3.34 Haswell, 2 threads");
 * provenance().engine; // the same words
 */
export function recordEngine(inWords: string): void {
  engine = inWords;
}

/** What a result can depend on, in a checkout. */
const sources = ["lib", "kernel", "scripts", "package.json", "package-lock.json", "tsconfig.json"];

function git(folder: string, ...args: string[]): string | null {
  try {
    const output = execFileSync("git", args, {
      cwd: folder,
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

/** Whether a checkout's tracked sources differ from its commit; `null` outside a checkout. */
export function sourcesDiffer(folder: string): boolean | null {
  const status = git(folder, "status", "--porcelain", "--untracked-files=no", "--", ...sources);
  return status === null ? null : status !== "";
}

/** The commit that `git archive` wrote into the sources (`export-subst`); `null` where no archive was unpacked. */
function archivedCommit(folder: string): string | null {
  try {
    const text = readFileSync(join(folder, "lib", "archive-commit.txt"), "utf8").trim();
    return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
  } catch {
    return null; // no such file: recorded as null
  }
}

/** What is known of a checkout's commit. In an archive that lies inside a clone, git would tell of that clone. */
export function commitOf(folder: string): Pick<Provenance, "commit" | "dirty"> {
  const cloned = git(folder, "rev-parse", "--show-prefix") === "";
  if (cloned) return { commit: git(folder, "rev-parse", "HEAD"), dirty: sourcesDiffer(folder) };
  return { commit: archivedCommit(folder), dirty: null };
}

/**
 * The code and machine of this process.
 *
 * @example
 * provenance(); // the code and the machine, for a record
 */
export function provenance(): Provenance {
  const folder = checkoutFolder(); // an installed package: git would tell of the project that it is installed in
  return {
    ...(folder === undefined ? { commit: null, dirty: null } : commitOf(folder)),
    lockfileSha256: lockfileSha256(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    ...(engine === undefined ? {} : { engine }),
  };
}
