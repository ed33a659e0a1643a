import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import { announce, commandLine, EngineError, redirectAnnouncements } from "../core";
import {
  buildNative,
  type BuildSeconds,
  type EngineName,
  engineName,
  findBlas,
  findNative,
  installBlas,
  type InstalledEngine,
  isFitNode,
  keepMeasured,
  loadOpenBlas,
  measureEngine,
  readMeasured,
  removeInstalled,
  threadCount,
} from "../engine";
import { table } from "../tables";
import { runProgram } from "../profiling";
import { runCommand, safeOutput } from "./terminal";

const execute = promisify(execFile);

/** Milliseconds of one attention step on an engine, measured in a process of its own: a process has one engine. */
async function measureIn(engine: EngineName): Promise<number> {
  const env = { ...process.env, RECSYS_ENGINE: engine };
  try {
    const { stdout } = await execute(process.execPath, [__filename, "measure"], { env });
    return Number(stdout.trim().split("\n").pop());
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split("\n").slice(0, 3).join("\n    ") ?? "";
    throw new EngineError(`the engine ${engine} does not work:\n    ${said}`, { cause });
  }
}

async function status(): Promise<void> {
  redirectAnnouncements(() => {});
  const [measured, measuredBlas] = [await readMeasured("tensorflow"), await readMeasured("blas")];
  const blasFolder = findBlas();
  const step = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms * 10) / 10);
  const native = findNative();
  const rows = [
    {
      engine: "wasm",
      state: "built",
      "attention step, ms": step((measured ?? measuredBlas)?.wasm),
      note: `the default; ${inThreads(threadCount())}`,
    },
    {
      engine: "tensorflow",
      state:
        native !== undefined ? "installed" : isFitNode() ? "not installed" : `not in Node ${process.versions.node}`,
      "attention step, ms": native === undefined ? null : step(measured?.installed),
      note:
        native !== undefined
          ? "RECSYS_ENGINE=tensorflow"
          : isFitNode()
            ? `${commandLine("engine")} native`
            : "use Node 20 or 22",
    },
    {
      engine: "blas",
      state: blasFolder === undefined ? "not installed" : "installed",
      "attention step, ms": blasFolder === undefined ? null : step(measuredBlas?.installed),
      note: blasFolder === undefined ? `${commandLine("engine")} blas` : "RECSYS_ENGINE=blas",
    },
    { engine: "cpu", state: "built in", "attention step, ms": null, note: "RECSYS_ENGINE=cpu; for checks: slow" },
  ];
  console.log(`in use here: ${engineName()}`);
  console.log(table({ rows }).toText(process.stdout.isTTY));
}

const inThreads = (count: number) => (count === 1 ? "one thread" : `${count} threads`);

async function native(): Promise<void> {
  if (findNative() === undefined) {
    const seconds = await buildNative(async (folder) => {
      await execute(process.execPath, ["-e", `require(${JSON.stringify(folder)}).matMul([[1]], [[1]]).dataSync()`]);
    });
    console.log(`the native engine is installed: ${inWords(seconds)}`);
  } else console.log("the native engine is installed already");
  await measure("tensorflow");
}

const inWords = (seconds: BuildSeconds): string =>
  Object.entries(seconds)
    .map(([stage, time]) => `${stage} ${time.toFixed(1)} s`)
    .join(", ");

/** Measures an engine beside wasm, keeps it and says it. */
async function measure(engine: InstalledEngine): Promise<void> {
  const measured = { wasm: await measureIn("wasm"), installed: await measureIn(engine) };
  await keepMeasured(engine, measured);
  const [ours, theirs] = [measured.wasm, measured.installed].map((ms) => ms.toFixed(1));
  console.log(`one attention step: wasm ${ours} ms, ${engine} ${theirs} ms`);
  console.log(`use it by RECSYS_ENGINE=${engine}; without that, wasm stays the engine`);
}

/** Loads an OpenBLAS in a process of its own: one that is damaged might end it. */
async function probeBlas(folder: string): Promise<void> {
  try {
    await execute(process.execPath, [__filename, "probe-blas", folder]);
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split("\n")[0] || "its process ended";
    throw new EngineError(`OpenBLAS does not work here: ${said}`, { where: folder, cause });
  }
}

async function blas(): Promise<void> {
  const folder = findBlas();
  const problem = folder === undefined ? undefined : await probeBlas(folder).catch((error: EngineError) => error);
  if (problem instanceof EngineError) announce(`${problem.message.split("\n")[0]}; installing it again`);
  if (folder === undefined || problem !== undefined)
    console.log(`the blas engine is installed: ${inWords(await installBlas(probeBlas))}`);
  else console.log("the blas engine is installed already");
  await measure("blas");
}

async function wasm(): Promise<void> {
  const ms = await measureIn("wasm");
  console.log(
    `the wasm engine works: one attention step takes ${ms.toFixed(1)} ms. It is used unless RECSYS_ENGINE says otherwise`,
  );
}

async function remove(): Promise<void> {
  const removed = await removeInstalled();
  console.log(removed ? "what was installed is removed" : "there was no installed engine in the cache");
  if (findNative() !== undefined)
    console.log("npm's own @tensorflow/tfjs-node stays: npm ci --omit=optional would remove it");
}

const program = new Command(commandLine("engine"))
  .configureOutput(safeOutput)
  .description("What computes: see, install, check or remove engines");
const command = (name: string, description: string, run: () => Promise<void>) =>
  program
    .command(name)
    .description(description)
    .action(() => runCommand(run));
command("status", "which engines there are, and how fast each was measured to be", status);
command(
  "native",
  "install TensorFlow native, built against PyPI's libtensorflow where its own download is out of reach",
  native,
);
command("blas", "install OpenBLAS out of PyPI's wheel, for products of matrices on wasm's memory", blas);
command("wasm", "check the WebAssembly engine", wasm);
command("remove", "remove installed engines from the cache", remove);
program.command("measure", { hidden: true }).action(() => runCommand(async () => console.log(await measureEngine())));
program
  .command("probe-blas <folder>", { hidden: true })
  .action((folder: string) => runCommand(async () => void loadOpenBlas(folder)));
void runProgram(program);
