// What an installed kernelspec starts. It is copied beside the kernelspec and so may import nothing but Node's own modules.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout around a folder, if it lies in one. */
function checkoutAround(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && isOurs(manifest)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isOurs(manifest: string): boolean {
  try {
    return (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name === "recsys-unlearning-workspace";
  } catch {
    return false; // somebody else's damaged manifest
  }
}

// The notebook's own checkout first, so that two of them side by side each get their own code.
const installedFrom = readFileSync(join(__dirname, "checkout.txt"), "utf8").trim();
const checkout = checkoutAround(process.cwd()) ?? installedFrom;
const main = join(checkout, "kernel", "dist", "server", "main.js");
if (!existsSync(main)) {
  console.error(
    `recsys-unlearning: ${checkout} is not built or no longer there; run "npm ci && npm run build" in the checkout`,
  );
  process.exit(1);
}
// eslint-disable-next-line @typescript-eslint/no-require-imports
require(main);
