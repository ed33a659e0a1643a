import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { compilerPath } from "../server/compiler";
import { contentHere, imageHere, type ImageNote, noteHere } from "./image";
import type { KeptProgram } from "./inside";
import { snapshotScript } from "./script";

const run = promisify(execFile);

/**
 * Makes the startup snapshot of the kernel for this Node where it is missing: the compiler, loaded, and its library
 * files, parsed and bound. A kernel starts in half of the time with it, and just as well without. It is made once; what
 * keeps it from being made is said and noted, and not tried again.
 */
export async function prepareFastStart(): Promise<void> {
  if (process.env["NODE_OPTIONS"] || noteHere() !== undefined) return;
  console.error("preparing a fast start of the kernel, once for each Node");
  try {
    await makeAndNote();
  } catch (error) {
    console.error(`kernels start the slow way: ${(error as Error).message}`); // a folder that cannot be written
  }
}

async function makeAndNote(): Promise<void> {
  const { path, note } = imageHere();
  mkdirSync(dirname(path), { recursive: true });
  const folder = mkdtempSync(join(dirname(path), "making-"));
  try {
    rmSync(note, { force: true });
    const problem = await make(folder, path);
    if (problem !== null) console.error(`kernels start the slow way: ${problem}`);
    const size = problem === null ? statSync(path).size : 0;
    const made: ImageNote = { content: contentHere(), problem, size };
    writeFileSync(join(folder, "note"), JSON.stringify(made));
    renameSync(join(folder, "note"), note); // the last to be there
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns why it could not be made */
async function make(folder: string, path: string): Promise<string | null> {
  try {
    const { stdout } = await run(process.execPath, [join(__dirname, "program.js")], { maxBuffer: 1e7 });
    const script = snapshotScript(compilerPath(), JSON.parse(stdout) as KeptProgram);
    if (script === undefined) return "the compiler is another than the one that this kernel knows";
    const [source, blob] = [join(folder, "script.cjs"), join(folder, "blob")];
    writeFileSync(source, script);
    await run(process.execPath, ["--snapshot-blob", blob, "--build-snapshot", source]);
    await run(process.execPath, ["--snapshot-blob", blob, join(__dirname, "check.js")]);
    renameSync(blob, path);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
