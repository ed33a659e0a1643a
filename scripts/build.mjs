// Builds everything a person runs: the WebAssembly operations from their AssemblyScript source, then lib and kernel
// with tsc. Incremental: what is newer than its source is left alone. `--clean` removes what was built.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCodeGraph } from "./code-graph.mjs";
import { withSharedMemory } from "./shared-memory.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** The memory that operations work on is shared, so that several threads can. */
const onShared = ["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"];
const wasmTargets = [
  { area: "lib", entry: "index.ts", name: "operations.wasm", flags: onShared },
  { area: "lib", entry: "products.ts", name: "products.wasm", flags: onShared },
  { area: "bench", entry: "limits.ts", name: "limits.wasm", flags: [] },
];
/** The tensor backend's own module, which is looked for by this name. */
const tensorModule = "tfjs-backend-wasm-simd.wasm";

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

/** The tensor backend with a shared heap: its tensors then are where all threads can reach them. */
function buildTensorHeap() {
  const source = join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")), tensorModule);
  const target = join(root, "lib/dist/engine", tensorModule);
  const newest = Math.max(
    ...[source, ...["build", "shared-memory"].map((name) => join(root, `scripts/${name}.mjs`))].map(
      (path) => statSync(path).mtimeMs,
    ),
  );
  if (existsSync(target) && statSync(target).mtimeMs > newest) return;
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, withSharedMemory(readFileSync(source)));
  renameSync(temporary, target);
}

/** Removes compiled operations that are made no more: a run's code would go on resting on them. */
function sweepWasm() {
  const folder = join(root, "lib/dist/engine");
  const made = [...wasmTargets.map(({ name }) => name), tensorModule];
  for (const file of readdirSync(folder))
    if (file.endsWith(".wasm") && !made.includes(file)) rmSync(join(folder, file));
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
  const areas = ["lib", "kernel"];
  const isFirst = !areas.some((area) => existsSync(join(root, area, "dist", ".tsbuildinfo")));
  const first = "building for the first time, TypeScript and WebAssembly: about a minute on two quiet cores";
  if (isFirst) console.error(first);
  else if (areas.some(isStale)) console.error("building, as once after every change");
  sweepStale("lib");
  sweepStale("kernel");
  buildWasm();
  buildTensorHeap();
  sweepWasm();
  buildTypeScript();
  writeCodeGraph(root);
  node(join(root, "kernel/dist/snapshot/main.js"));
}
