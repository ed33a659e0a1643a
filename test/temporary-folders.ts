import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folders: string[] = [];

/** A folder of its own, which `remove-folders.ts` removes at the end of the test file. */
export function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
}

/** The folders that were made since it was asked last. */
export function takeFolders(): readonly string[] {
  const taken = folders;
  folders = [];
  return taken;
}
