// The kernel's entry point: node --no-force-async-hooks-checks main.js --config-path CONNECTION_FILE (Ending a
// synchronous loop leaves Node's record of asynchronous contexts unbalanced; with its checks on, Node would abort.)
import { endOwnWorld } from "./own-world";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { projectFolder } from "../folders";
import { readConnection, runtimeFolderPrefix } from "../protocol/connection";
import { connectionFileIn } from "./arguments";
import { kernelInfo } from "./kernel-info";
import type { Place } from "./compiler-files";
import type { IoThreadData } from "./port";
import { Signals } from "./signals";
import type * as Start from "./start";
import { prepareCompiler } from "./compiler";

const parent = process.ppid;
const connectionFile = connectionFileIn(process.argv.slice(2));
const place: Place = { folder: currentFolder(), root: projectFolder() };
const manifest = join(dirname(dirname(__dirname)), "package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
const info = kernelInfo(version);
const signals = new Signals(new SharedArrayBuffer(Signals.bytes));
const connection = readConnection(connectionFile);
const runtimeFolder = dirname(resolve(connectionFile));
const ownRuntimeFolder = basename(runtimeFolder).startsWith(runtimeFolderPrefix) ? runtimeFolder : undefined;
const { port1: answers, port2 } = new MessageChannel();
const workerData: IoThreadData = {
  ...{ connection, kernelInfo: info, signals: signals.memory },
  ...{ answers: port2, parent, ownRuntimeFolder },
};
// Its sockets bind while the compiler loads here.
const io = new Worker(join(__dirname, "io-thread.js"), { workerData, transferList: [port2] });

prepareCompiler(place);
// Loaded only now, because it loads tslab; and at once, because what the I/O thread says before somebody listens to it
// is lost, with it the first request.
const { startKernel } = createRequire(__filename)("./start.js") as typeof Start;
endOwnWorld();
startKernel({ io, answers, signals, info, place });

/** The notebook's folder, in which Jupyter starts kernels; one that is gone has been replaced by the project's. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.chdir(projectFolder());
    return process.cwd();
  }
}
