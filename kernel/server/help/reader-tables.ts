import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { checkoutFolder } from "recsys-unlearning/core";

/** A section of a page that is one table, as Markdown, with links that lead from the current folder. */
export interface ReaderTable {
  readonly heading: string;
  readonly markdown: string;
}

/** Where a reader finds which notebooks to open, and where the documentation is. */
const places = [
  { page: "notebooks/README.md", heading: "A path for each reader" },
  { page: "README.md", heading: "Where to go next" },
] as const;

/** The tables of the checkout's pages that lead a reader; none where there is no checkout. */
export function readerTables(): readonly ReaderTable[] {
  const root = checkoutFolder();
  if (root === undefined) return [];
  return places.flatMap(({ page, heading }) => {
    const path = join(root, page);
    const table = existsSync(path) ? tableUnder(readFileSync(path, "utf8"), heading) : undefined;
    return table === undefined ? [] : [{ heading, markdown: withLinksFrom(table, dirname(path)) }];
  });
}

/** The table below a heading, without the padding of its columns. */
function tableUnder(page: string, heading: string): string | undefined {
  const [, rest] = page.split(`## ${heading}\n`);
  const lines = (rest ?? "")
    .split(/\n## /)[0]
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return lines.length === 0 ? undefined : lines.map((line) => line.replace(/ {2,}/g, " ")).join("\n");
}

/** Links of a page as they lead from the notebook's folder. */
function withLinksFrom(markdown: string, folder: string): string {
  return markdown.replace(/\]\((?!\w+:)([^)#]+)/g, (_, target: string) => {
    const path = relative(process.cwd(), join(folder, target));
    return `](${path.replaceAll("\\", "/")}`;
  });
}
