import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { sha256 } from "./hash";
import { checkoutFolder, inRepository } from "./paths";

/** How a result was made: stands beside every record, table and figure. */
export interface Provenance {
  /** Commit of the checkout, or `null` outside a git checkout and in an installed package. */
  readonly commit: string | null;
  /** Whether tracked sources differed from that commit; figures, notebooks and documentation compute nothing. */
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

/**
 * The code and machine of this process.
 *
 * @example
 * provenance(); // the code and the machine, for a record
 */
export function provenance(): Provenance {
  const folder = checkoutFolder(); // an installed package: git would tell of the project that it is installed in
  return {
    commit: folder === undefined ? null : git(folder, "rev-parse", "HEAD"),
    dirty: folder === undefined ? null : sourcesDiffer(folder),
    lockfileSha256: lockfileSha256(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    ...(engine === undefined ? {} : { engine }),
  };
}
