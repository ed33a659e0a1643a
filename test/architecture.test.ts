import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = join(__dirname, "..");

/** Paths of the sources under a folder, from the root, with `/`. */
function sourcesIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.split("/").some((part) => part === "node_modules" || part === "dist"));
}

/** What a file imports relatively, types and re-exports included, resolved against the known files. */
function importsOf(path: string, text: string, known: ReadonlySet<string>): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const relatives = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
  return relatives.flatMap((name) => {
    const target = relative(root, resolve(root, path, "..", name))
      .split(sep)
      .join("/");
    return [`${target}.ts`, `${target}/index.ts`, target].find((candidate) => known.has(candidate)) ?? [];
  });
}

function importGraph(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const known = new Set(texts.keys());
  return new Map([...texts].map(([path, text]) => [path, importsOf(path, text, known)]));
}

/**
 * The circles of a graph: its strongly connected components of more than one file (Tarjan 1972), and files that import
 * themselves.
 */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const [order, low] = [new Map<string, number>(), new Map<string, number>()];
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const number = order.size;
    order.set(file, number);
    low.set(file, number);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      const reached = !order.has(next) ? visit(next) : open.includes(next) ? (order.get(next) as number) : number;
      low.set(file, Math.min(low.get(file) as number, reached));
    }
    if (low.get(file) === number) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle.sort());
    }
    return low.get(file) as number;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

const paths = ["lib", "kernel", "bench"].flatMap(sourcesIn);
const graph = importGraph(new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")])));

describe("imports", () => {
  it("are read as the compiler reads them: types, re-exports and dynamic ones too", () => {
    const texts = new Map([
      ["lib/a.ts", 'import type { B } from "./b";'],
      ["lib/b.ts", 'export { c } from "./c";'],
      ["lib/c.ts", 'export const c = () => import("./a");'],
      ["lib/d.ts", 'import { b } from "./b"; // import "./d"'],
    ]);
    expect(circlesIn(importGraph(texts))).toEqual([["lib/a.ts", "lib/b.ts", "lib/c.ts"]]);
  });

  it("resolve to files of the repository", () => {
    expect(paths.length).toBeGreaterThan(400);
    expect(graph.get("lib/core/ambient.ts")).toEqual(["lib/core/progress-event.ts"]);
    expect(graph.get("lib/core/index.ts")).toContain("lib/core/errors.ts");
  });

  it("make no circle, types included", () => {
    expect(circlesIn(graph)).toEqual([]);
  });
});

describe("lib/experiments", () => {
  const folders = ["config", "store", "running", "summary"];
  const inside = paths.filter((path) => path.startsWith("lib/experiments/"));
  const folderOf = (path: string) => /^lib\/experiments\/([^/]+)\//.exec(path)?.[1];

  it("has folders that point one way: config <- store <- running <- summary", () => {
    const edges = inside.flatMap((from) => (graph.get(from) ?? []).map((to) => ({ from, to })));
    const rank = (path: string) => folders.indexOf(folderOf(path) as string);
    const backward = edges.filter(({ from, to }) => rank(from) !== -1 && rank(from) < rank(to));
    expect(edges.length).toBeGreaterThan(50);
    expect(backward).toEqual([]);
  });

  it("has those folders alone, of at most 13 files each", () => {
    const counts = new Map<string | undefined, number>();
    for (const path of inside) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
    expect([...counts.keys()].filter((name) => name !== undefined).sort()).toEqual([...folders].sort());
    for (const [folder, count] of counts) expect(count, folder ?? "index").toBeLessThanOrEqual(13);
  });
});
