// What an installed kernelspec starts. It is copied beside the kernelspec and so may import nothing but Node's own
// modules.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The kernel's package, in a checkout (a link) as in a project. */
const kernelPackage = join("node_modules", "recsys-unlearning-kernel");

/** The checkout around a folder, or the project that the kernel is installed in, if it lies in one. */
function rootAround(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, kernelPackage)) || isCheckout(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Also before `npm ci`. */
function isCheckout(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
    return manifest.name === "recsys-unlearning-workspace";
  } catch {
    return false; // no manifest, or somebody else's damaged one
  }
}

// The notebook's own checkout or project first, so that two of them side by side each get their own code.
const installedFrom = readFileSync(join(__dirname, "checkout.txt"), "utf8").trim();
const root = rootAround(process.cwd()) ?? installedFrom;
const main = join(root, kernelPackage, "dist", "server", "main.js");
if (!existsSync(main)) {
  const remedy = `npm ${isCheckout(root) ? "ci && npm run build" : "install recsys-unlearning-kernel"}`;
  console.error(`recsys-unlearning: ${root} holds no built kernel; run "${remedy}" there`);
  process.exit(1);
}
// eslint-disable-next-line @typescript-eslint/no-require-imports
require(main);
