import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { checkoutFolder } from "../core";

/** The pages a person reads in a checkout, relative to it; what commands make for themselves is none. */
async function pages(root: string): Promise<string[]> {
  const inFolder = async (folder: string) => {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => [] as string[]); // may be missing
    return names.map((name) => posix.join(folder, name.replaceAll("\\", "/")));
  };
  const found = ["README.md", ...(await inFolder("docs")), ...(await inFolder("figures"))];
  return found.filter((path) => path.endsWith(".md") && !path.startsWith("figures/local/"));
}

/** The pictures that a Markdown page shows, as it names them. */
function picturesIn(markdown: string): string[] {
  const patterns = [/!\[[^\n]*?\]\(\s*<?([^)\s>]+)/g, /<img\b[^>]*?\bsrc="([^"]+)"/g];
  return patterns.flatMap((pattern) => [...markdown.matchAll(pattern)].map(([, target]) => target));
}

/**
 * The pictures in the checkout that its Markdown pages show: paths relative to its root, with `/`. An installed package
 * shows none.
 *
 * @example
 * const shown = await shownPictures();
 * shown.has("figures/start-here/forgetting-auc.png"); // whether a page shows it
 */
export async function shownPictures(): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  const root = checkoutFolder();
  if (root === undefined) return shown;
  for (const page of await pages(root))
    for (const target of picturesIn(await readFile(join(root, page), "utf8").catch(() => "")))
      if (!/^[a-z]+:/i.test(target)) shown.add(posix.join(posix.dirname(page), target));
  return shown;
}
