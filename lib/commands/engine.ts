import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Command } from "commander";
import { commandLine, EngineError, redirectAnnouncements } from "../core";
import {
  buildNative,
  type EngineName,
  engineName,
  findNative,
  isFitNode,
  keepMeasured,
  measureEngine,
  readMeasured,
  removeNative,
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
  const measured = await readMeasured();
  const step = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms * 10) / 10);
  const native = findNative();
  const rows = [
    { engine: "wasm", state: "built", "attention step, ms": step(measured?.wasm), note: "the default" },
    {
      engine: "tensorflow",
      state:
        native !== undefined ? "installed" : isFitNode() ? "not installed" : `not in Node ${process.versions.node}`,
      "attention step, ms": native === undefined ? null : step(measured?.tensorflow),
      note:
        native !== undefined
          ? "RECSYS_ENGINE=tensorflow"
          : isFitNode()
            ? `${commandLine("engine")} native`
            : "use Node 20 or 22",
    },
    { engine: "cpu", state: "built in", "attention step, ms": null, note: "RECSYS_ENGINE=cpu; for checks: slow" },
  ];
  console.log(`in use here: ${engineName()}`);
  console.log(table({ rows }).toText(process.stdout.isTTY));
}

async function native(): Promise<void> {
  if (findNative() === undefined) {
    const seconds = await buildNative(async (folder) => {
      await execute(process.execPath, ["-e", `require(${JSON.stringify(folder)}).matMul([[1]], [[1]]).dataSync()`]);
    });
    const stages = Object.entries(seconds).map(([stage, time]) => `${stage} ${time.toFixed(1)} s`);
    console.log(`the native engine is installed: ${stages.join(", ")}`);
  } else console.log("the native engine is installed already");
  const measured = { wasm: await measureIn("wasm"), tensorflow: await measureIn("tensorflow") };
  await keepMeasured(measured);
  const [ours, theirs] = [measured.wasm, measured.tensorflow].map((ms) => ms.toFixed(1));
  console.log(`one attention step: wasm ${ours} ms, tensorflow ${theirs} ms`);
  console.log("use it by RECSYS_ENGINE=tensorflow; without that, wasm stays the engine");
}

async function wasm(): Promise<void> {
  const ms = await measureIn("wasm");
  console.log(
    `the wasm engine works: one attention step takes ${ms.toFixed(1)} ms. It is used unless RECSYS_ENGINE says otherwise`,
  );
}

async function remove(): Promise<void> {
  const removed = await removeNative();
  console.log(removed ? "the native engine is removed" : "there was no native engine in the cache");
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
command("wasm", "check the WebAssembly engine", wasm);
command("remove", "remove the native engine from the cache", remove);
program.command("measure", { hidden: true }).action(() => runCommand(async () => console.log(await measureEngine())));
void runProgram(program);
