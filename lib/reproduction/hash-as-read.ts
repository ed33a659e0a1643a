import { announce, CancelledError, RecsysError } from "../core";
import { datasetCatalogue, datasetContent, type FoundContent, loadDataset } from "../data";

/**
 * The sha256 of a dataset's content: of the file that is on this machine, else as the catalogue has it, so that what
 * was kept is found without any file. Where the two differ, that is said.
 */
export async function hashAsRead(name: string): Promise<string> {
  const known = datasetCatalogue()[name].variants.flatMap(({ dataHash = [] }) => dataHash);
  const found = await contentHere(name, known.length > 0);
  if (found === null) return known[0] ?? (await loadDataset(name)).dataHash;
  const { dataHash, source } = found;
  if (known.length > 0 && !known.includes(dataHash))
    announce(
      `${name}: ${source} is not the content that the catalogue knows (sha256 ${dataHash}, not ${known[0]}); ` +
        "runs on it have ids of their own",
    );
  return dataHash;
}

/** @param otherwise whether a file that is refused can be passed over: whoever reads it is told again, and stopped */
async function contentHere(name: string, otherwise: boolean): Promise<FoundContent | null> {
  try {
    return await datasetContent(name);
  } catch (error) {
    if (!otherwise || !(error instanceof RecsysError) || error instanceof CancelledError) throw error;
    announce(`${name}: its file is refused, and the catalogue's hash stands for it: ${error.message}`);
    return null;
  }
}

const loaded = new WeakMap<object, string>();

/** Remembers what a split was loaded from. @returns the split */
export function loadedFrom<T extends object>(split: T, dataHash: string): T {
  loaded.set(split, dataHash);
  return split;
}

/** The sha256 of the content that a split was loaded from; `undefined` where it was not remembered. */
export function contentOf(split: object): string | undefined {
  return loaded.get(split);
}
