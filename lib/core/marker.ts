import { join } from "node:path";
import { createFileAtomic, readRegularFile } from "./files";
import { type ProcessIdentity, thisProcess } from "./processes";

/** A file in a folder that we made and may remove. */
export const folderMarker = ".recsys-unlearning";

/**
 * Marks a folder as ours.
 *
 * @example
 * await markFolder("staging"); // makes the folder where there is none
 * (await markerOf("staging"))?.pid; // process.pid, where nobody had marked it before
 */
export async function markFolder(folder: string): Promise<void> {
  await createFileAtomic(join(folder, folderMarker), JSON.stringify(thisProcess()) + "\n");
}

/**
 * Who marked a folder; `null` for one that does not carry our marker.
 *
 * @example
 * const maker = await markerOf("staging");
 * const isAbandoned = maker !== null && stateOf(maker) === "dead"; // ours, and nobody works in it any more
 */
export async function markerOf(folder: string): Promise<ProcessIdentity | null> {
  try {
    const text = (await readRegularFile(join(folder, folderMarker))).toString("utf8");
    const { machine, pid, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof machine === "string" && typeof pid === "number" && typeof started === "string")
      return { machine, pid, started };
  } catch {
    return null; // no marker, or not ours
  }
  return null;
}
