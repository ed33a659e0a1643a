import { join, relative } from "node:path";
import { Breather, commandLine, inWorkFolder, NotFoundError, ProgressTask } from "../core";
import { keptResult, recordsFolder, type View } from "../experiments";
import { allFormats, type ViewExport, viewExports, writeExports } from "../figures";
import { builtInParts, viewNamed, views } from "../reproduction";

/**
 * Draws kept results in all formats, each in a folder of its name, and prints where.
 *
 * @param names of views; empty for all whose records are kept
 * @throws NotFoundError for a view that does not exist, naming the nearest, and for a named one without kept records
 */
export async function drawFigures(names: readonly string[], folder = inWorkFolder("figures", "local")): Promise<void> {
  const chosen = names.length > 0 ? names.map(viewNamed) : Object.values(views);
  for (const view of new Set(chosen)) {
    const target = join(folder, view.name);
    const files = await drawView(view, target);
    if (files !== null) console.log(`${relative(process.cwd(), target)}: ${files} files`);
    else if (names.length > 0)
      throw new NotFoundError(`no records of ${view.name} are kept`, {
        where: recordsFolder(),
        remedy: `${commandLine("experiment")} run ${view.name} && ${commandLine("experiment")} keep ${view.name}`,
      });
  }
}

/** @returns how many files were written; `null` where no records are kept */
async function drawView(view: View, folder: string): Promise<number | null> {
  const result = await keptResult(view, builtInParts);
  if (result === null) return null;
  const how = { command: `${commandLine("figures")} ${view.name}`, record: `${view.name}-${result.preset}` };
  return writeAll(viewExports(result, builtInParts, allFormats, how), view.name, folder);
}

async function writeAll(all: readonly ViewExport[], label: string, folder: string): Promise<number> {
  const progress = new ProgressTask(label, all.length, "tables and figures");
  const breather = new Breather(`drawing ${label}`);
  let files = 0;
  try {
    for (const [done, one] of all.entries()) {
      await breather.breathe();
      files += (await writeExports(folder, await one.make())).length;
      progress.update(done + 1, one.name);
    }
  } finally {
    progress.finish();
  }
  return files;
}
