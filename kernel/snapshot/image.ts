import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256 } from "recsys-unlearning/core";
import { kernelFolder } from "../folders";
import { compilerPath } from "../server/compiler";

/** What stands beside a startup snapshot. */
export interface ImageNote {
  /** `contentHere` when it was made. */
  readonly content: string;
  /** Why it could not be made. */
  readonly problem: string | null;
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

/** What was noted when a snapshot of this content was made, or could not be; `undefined` before. */
export function noteHere(): ImageNote | undefined {
  const { note } = imageHere();
  if (!existsSync(note)) return undefined;
  const found = JSON.parse(readFileSync(note, "utf8")) as ImageNote;
  return found.content === contentHere() ? found : undefined;
}

/**
 * The flags of Node that start a kernel from its snapshot; none where there is none that fits. V8 refuses a snapshot
 * where it runs with other flags of its own than when it was made, and Node then ends.
 */
export function snapshotFlags(): string[] {
  if (process.env["NODE_OPTIONS"]) return [];
  const { path } = imageHere();
  return noteHere()?.problem === null && existsSync(path) ? ["--snapshot-blob", path] : [];
}
