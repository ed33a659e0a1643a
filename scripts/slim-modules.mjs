// After `npm ci`: removes from node_modules what nothing here reads, which is half of it. npm can leave out packages,
// but no files of one. RECSYS_WHOLE_MODULES=1 keeps all, for whoever debugs into a package.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const modules = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), "node_modules");

/** What is removed, by why it is there. Paths begin at node_modules or at a node_modules within; `/` parts them. */
const unread = {
  "source maps": /\.(?:[cm]?js|[cm]?ts|css)\.map$/,
  // Node loads tf*.node.js, and bundlers dist/index.js
  "browser bundles and tests of TensorFlow.js":
    /(?:^|\/)@tensorflow\/[^/]+\/dist\/(?:tf[a-z-]*(?:\.es2017|\.fesm)?(?:\.min)?\.js(?:\.html)?|.*_test\.(?:js|d\.ts))$/,
  // Other packages that are built for a system come for one alone, too
  "other systems' builds of ZeroMQ": new RegExp(`(?:^|/)zeromq/build/(?!${process.platform}/)[^/]+/.+`),
  "pages about packages": /(?:^|\/)(?:readme|changelog|changes|history)[^/]*\.(?:md|markdown)$/i,
  // The compiler of AssemblyScript uses binaryen as a library
  "command lines of binaryen": /(?:^|\/)binaryen\/bin\/[^/]+$/,
};

function* filesIn(folder, path = "") {
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const below = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, below);
    else if (entry.isFile()) yield below; // links lead to workspaces, whose files are not npm's
  }
}

function slim() {
  const removed = Object.fromEntries(Object.keys(unread).map((what) => [what, 0]));
  for (const path of filesIn(modules)) {
    const what = Object.keys(unread).find((one) => unread[one].test(path));
    if (what === undefined) continue;
    const file = join(modules, ...path.split("/"));
    removed[what] += statSync(file).size;
    rmSync(file);
  }
  const told = Object.entries(removed).filter(([, bytes]) => bytes > 0);
  if (told.length === 0) return;
  const inWords = told.map(([what, bytes]) => `${what} ${(bytes / 1e6).toFixed(0)} MB`).join(", ");
  console.log(`removed from ${modules}${sep}: ${inWords} (RECSYS_WHOLE_MODULES=1 keeps them)`);
}

if (process.env.RECSYS_WHOLE_MODULES !== "1" && existsSync(modules)) slim();
