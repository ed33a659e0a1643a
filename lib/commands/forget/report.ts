import { join } from "node:path";
import { escapeHtml, sha256, writeFileAtomic } from "../../core";
import { type Table, table } from "../../tables";
import type { Verdict } from "../../audits";
import type { NamedFigure } from "./charts";

/** What a report shows. */
export interface Report {
  readonly verdict: Verdict;
  readonly figures: readonly NamedFigure[];
  /** What was done, as names and values. */
  readonly facts: Readonly<Record<string, string>>;
  /** A few lists of recommendations before and after; `null` where nobody is left to recommend to. */
  readonly lists: Table | null;
}

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
  h1 { font-size: 1.6rem; margin-bottom: 0.3rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
  .verdict { border-left: 6px solid #888; padding: 0.6rem 1rem; background: #f5f5f5; font-size: 1.1rem; }
  .true { border-color: #1a7f37; background: #eaf7ed; } .false { border-color: #b42318; background: #fdeeec; }
  .null { border-color: #b7791f; background: #fdf6e3; }
  table { border-collapse: collapse; font-size: 0.92rem; } th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid #ddd; }
  thead { position: static !important; } figcaption { font-weight: 600; margin-bottom: 0.4rem; }
  img { max-width: 100%; height: auto; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
  dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }`;

/** One HTML page that needs nothing else: its pictures are in it. */
function reportHtml({ verdict, figures, facts, lists }: Report): string {
  const [outcome, ...rest] = verdict.sentences;
  const items = (texts: readonly string[]) =>
    `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>`;
  const pictures = figures.map(({ figure }) => {
    const source = `data:image/svg+xml;base64,${Buffer.from(figure.toSvg("screen")).toString("base64")}`;
    return `<p><img src="${source}" alt="${escapeHtml(figure.caption)}"></p>`;
  });
  const title = `Is ${verdict.content.request} forgotten?`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>`,
    `<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="verdict ${verdict.isForgotten}">${escapeHtml(outcome)}</p>`,
    items(rest),
    "<h2>The measures</h2>",
    verdict.table().toHtml(),
    ...pictures,
    ...(verdict.untold.length === 0 ? [] : ["<h2>What could not be told</h2>", items(verdict.untold)]),
    ...(lists === null ? [] : ["<h2>Recommendations afterwards</h2>", lists.toHtml()]),
    "<h2>How it came about</h2>",
    `<dl>${Object.entries(facts).map(factHtml).join("")}</dl>`,
    "</body></html>",
    "",
  ].join("\n");
}

const factHtml = ([name, value]: readonly [string, string]): string =>
  `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`;

/** The same as Markdown, with its figures as files beside it. */
function reportMarkdown({ verdict, figures, facts, lists }: Report): string {
  const rows = Object.entries(facts).map(([what, value]) => ({ what, value }));
  return [
    `# Is ${verdict.content.request} forgotten?`,
    verdict.toMarkdown().trim(),
    ...figures.map(({ name, figure }) => `![${figure.caption.replace(/[[\]]/g, "")}](${name}.svg)`),
    ...(lists === null ? [] : ["## Recommendations afterwards", lists.toMarkdown().trim()]),
    "## How it came about",
    table({ rows }).toMarkdown().trim(),
    "",
  ].join("\n\n");
}

/** Writes the report with its figures. @returns the sha256 of each file, by name */
export async function writeReport(folder: string, report: Report): Promise<Record<string, string>> {
  const files: (readonly [string, string | Buffer])[] = [
    ["report.html", reportHtml(report)],
    ["report.md", reportMarkdown(report)],
    ["measures.csv", report.verdict.table().toCsv()],
    ...report.figures.flatMap(({ name, figure }): [string, string | Buffer][] => [
      [`${name}.svg`, figure.toSvg()],
      [`${name}.png`, figure.toPng()],
    ]),
  ];
  for (const [name, content] of files) await writeFileAtomic(join(folder, name), content);
  return Object.fromEntries(files.map(([name, content]) => [name, sha256(content)]));
}
