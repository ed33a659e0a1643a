import { statSync } from "node:fs";
import type ts from "@tslab/typescript-for-tslab";

type WatchFile = NonNullable<ts.System["watchFile"]>;

const changed: ts.FileWatcherEventKind.Changed = 1;

/** Whom to tell of a change, by the path of a file that the compiler has read. */
const listeners = new Map<string, Set<ts.FileWatcherCallback>>();
let lastLook = Date.now();

/** The same, and `lookForChanges` reaches the files. */
export function listed(watchFile: WatchFile): WatchFile {
  return (path, callback, ...rest) => {
    const ofPath = listeners.get(path) ?? new Set();
    listeners.set(path, ofPath.add(callback));
    const watcher = watchFile(path, callback, ...rest);
    return {
      close: () => {
        ofPath.delete(callback);
        watcher.close();
      },
    };
  };
}

/**
 * Tells the compiler at once which of its files were written since the last look. News of the system come some turns of
 * the event loop later, which a busy machine makes many: the cell after a build would be compiled by old types.
 *
 * @param folder with slashes
 */
export function lookForChanges(folder: string): void {
  const since = lastLook;
  lastLook = Date.now();
  for (const [path, callbacks] of listeners) {
    if (!path.startsWith(folder) || (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since) continue;
    for (const callback of callbacks) callback(path, changed);
  }
}
