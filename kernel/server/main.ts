// The kernel's entry point: node --no-force-async-hooks-checks main.js --config-path CONNECTION_FILE (Ending a
// synchronous loop leaves Node's record of asynchronous contexts unbalanced; with its checks on, Node would abort.)
import { endOwnWorld } from "./own-world";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { projectFolder } from "../folders";
import { readConnection } from "../protocol/connection";
import { kernelInfo } from "./kernel-info";
import type { Place } from "./compiler-files";
import type { IoThreadData } from "./port";
import { Signals } from "./signals";
import { prepareCompiler } from "./compiler";

const { values } = parseArgs({ options: { "config-path": { type: "string" } } });
if (values["config-path"] === undefined) throw new Error("--config-path CONNECTION_FILE is missing");

const place: Place = { folder: currentFolder(), root: projectFolder() };
const manifest = join(dirname(dirname(__dirname)), "package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
const info = kernelInfo(version);
const signals = new Signals(new SharedArrayBuffer(Signals.bytes));
const connection = readConnection(values["config-path"]);
const workerData: IoThreadData = { connection, kernelInfo: info, signals: signals.memory };
// Its sockets bind while the compiler loads here.
const io = new Worker(join(__dirname, "io-thread.js"), { workerData });

prepareCompiler(place);
// Loaded only now, because it loads tslab.
void import("./start.js").then(({ startKernel }) => {
  endOwnWorld();
  startKernel({ io, signals, info, place });
});

/** The notebook's folder, in which Jupyter starts kernels; one that is gone has been replaced by the project's. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.chdir(projectFolder());
    return process.cwd();
  }
}
