import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256 } from "recsys-unlearning/core";
import { kernelFolder } from "../folders";
import { compilerPath } from "../server/compiler";

/** What stands beside a startup snapshot. */
export interface ImageNote {
  /** `contentHere` when it was made. */
  readonly content: string;
  /** Why it could not be made; `null` where it stands. */
  readonly problem: string | null;
  /** Bytes of the snapshot. */
  readonly size: number;
}

/** Where this Node's snapshot stands, and the note beside it. */
export function imageHere(): { readonly path: string; readonly note: string } {
  const name = `${process.version}-${process.platform}-${process.arch}`;
  const path = join(kernelFolder(), "dist", "snapshot", `${name}.blob`);
  return { path, note: `${path}.json` };
}

/** What a snapshot is made of: another of any of these makes it useless. */
export function contentHere(): string {
  const compiler = compilerPath();
  const { size, mtimeMs } = statSync(compiler);
  const ours = [
    "snapshot/inside",
    "snapshot/kept-files",
    "snapshot/script",
    "server/own-globals",
    "server/compiler",
  ].map((name) => sha256(readFileSync(join(kernelFolder(), "dist", `${name}.js`))));
  return canonicalJson({ node: process.version, execPath: process.execPath, compiler, size, mtimeMs, ours });
}

/**
 * What was noted when a snapshot of this content was made, or could not be. `undefined` before, where the note is
 * damaged, and where the snapshot beside it is another.
 */
export function noteHere(): ImageNote | undefined {
  const { path, note } = imageHere();
  if (!existsSync(note)) return undefined;
  const found = parsed(readFileSync(note, "utf8"));
  if (found?.content !== contentHere()) return undefined;
  return found.problem === null && statSync(path, { throwIfNoEntry: false })?.size !== found.size ? undefined : found;
}

function parsed(text: string): ImageNote | undefined {
  try {
    return JSON.parse(text) as ImageNote;
  } catch {
    return undefined; // it is made anew
  }
}

/**
 * The flags of Node that start a kernel from its snapshot; none where there is none that fits. V8 refuses a snapshot
 * where it runs with other flags of its own than when it was made, and Node then ends.
 */
export function snapshotFlags(): string[] {
  if (process.env["NODE_OPTIONS"]) return [];
  return noteHere()?.problem === null ? ["--snapshot-blob", imageHere().path] : [];
}
