// Loaded by Node before the script of a process that `--profile` started, and of all that it starts in turn.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { startSampling } from "./sampler";

const folder = process.env["RECSYS_PROFILE_FOLDER"];

if (folder !== undefined && isMainThread) {
  const stop = startSampling();
  process.on("exit", () => {
    try {
      writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ script: process.argv[1], profile: stop() }));
    } catch {
      // The folder goes with the command that asked: a process that outlives it is asked no more.
    }
  });
}
