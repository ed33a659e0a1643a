// Builds everything a person runs: the WebAssembly operations from their AssemblyScript source, then lib and kernel
// with tsc. Incremental: what is newer than its source is left alone. `--clean` removes what was built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCodeGraph } from "./code-graph.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Two memories: `shared` for the closed-form operations' own memory, `heap` for the tensor backend's. */
const wasmForms = [
  { form: "shared", flags: ["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"] },
  { form: "heap", flags: [] },
];
const wasmModules = { operations: "index.ts", products: "products.ts" };
const wasmTargets = [
  ...Object.entries(wasmModules).flatMap(([name, entry]) =>
    wasmForms.map(({ form, flags }) => ({ area: "lib", entry, name: `${name}.${form}.wasm`, flags })),
  ),
  { area: "bench", entry: "limits.ts", name: "limits.wasm", flags: [] },
];

/** Runs a tool of node_modules; its own output says what is wrong, so a failure only ends the build. */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function newestIn(folder) {
  return Math.max(...readdirSync(folder).map((file) => statSync(join(folder, file)).mtimeMs));
}

function buildWasm() {
  const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
  for (const { area, entry, name, flags } of wasmTargets) {
    const source = join(root, area, "engine/assembly");
    if (!existsSync(join(source, entry))) continue;
    const out = join(root, area, "dist/engine");
    mkdirSync(out, { recursive: true });
    const newest = Math.max(newestIn(source), statSync(fileURLToPath(import.meta.url)).mtimeMs);
    const target = join(out, name);
    if (existsSync(target) && statSync(target).mtimeMs > newest) continue;
    const temporary = `${target}.${process.pid}.tmp`;
    const options = [
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--importMemory",
      "--disableWarning",
      "112",
      "--initialMemory",
      "1",
    ];
    node(asc, join(source, entry), "-o", temporary, ...options, ...flags);
    renameSync(temporary, target);
  }
}

/** Whether some source is newer than the last build of its area. */
function isStale(area) {
  const built = join(root, area, "dist", ".tsbuildinfo");
  if (!existsSync(built)) return true;
  const sources = readdirSync(join(root, area), { recursive: true }).filter((file) =>
    /^(?!dist|node_modules).*\.ts$/.test(file),
  );
  return sources.some((file) => statSync(join(root, area, file)).mtimeMs > statSync(built).mtimeMs);
}

function buildTypeScript() {
  if (["lib", "kernel"].some(isStale)) console.error("building, as once after every change");
  node(require.resolve("typescript/bin/tsc"), "-b", root);
}

/** Removes what was compiled from sources that are gone: it would shadow a folder of the same name. */
function sweepStale(area) {
  const dist = join(root, area, "dist");
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true })) {
    const compiled = /^(.*?)\.(d\.ts|js|js\.map)$/.exec(file);
    if (compiled !== null && !existsSync(join(root, area, `${compiled[1]}.ts`))) rmSync(join(dist, file));
  }
}

if (process.argv.includes("--clean")) {
  for (const area of ["lib", "kernel", "bench"]) rmSync(join(root, area, "dist"), { recursive: true, force: true });
} else {
  sweepStale("lib");
  sweepStale("kernel");
  buildWasm();
  buildTypeScript();
  writeCodeGraph(root);
  node(join(root, "kernel/dist/snapshot/main.js"));
}
