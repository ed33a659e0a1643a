import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { libFolder } from "../../lib/core";
import { isFitNode } from "../../lib/engine";

const cache = mkdtempSync(join(tmpdir(), "native-cache-"));
const env = { ...process.env, RECSYS_CACHE: cache };
const command = join(libFolder(), "dist", "commands", "engine.js");
const kept = () => (existsSync(join(cache, "engine")) ? readdirSync(join(cache, "engine")) : []);
const engine = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { env, encoding: "utf8" });

/** Starts an installation and ends it by a signal after a while. */
function interrupted(signal: NodeJS.Signals, afterMs: number): Promise<unknown> {
  const child = spawn(process.execPath, [command, "native"], { env, stdio: "ignore" });
  setTimeout(() => child.kill(signal), afterMs);
  return new Promise((resolve) => child.on("exit", resolve));
}

/** Building needs a compiler, pip and a package index; without them there is nothing to test, which is said. */
const missing = ["pip", "python3", "make", "c++"].filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
if (missing.length > 0) console.log(`skipped: the native engine cannot be built without ${missing.join(", ")}`);
if (!isFitNode()) console.log(`skipped: the native engine does not work in Node ${process.versions.node}`);

describe.skipIf(missing.length > 0 || !isFitNode())("the native engine", () => {
  beforeAll(() => expect(kept()).toEqual([]));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it("leaves nothing when its installation is interrupted", async () => {
    await interrupted("SIGINT", 4_000);
    expect(kept()).toEqual([]);
  });

  it("sweeps what a killed installation left, and is built, used and removed", async () => {
    await interrupted("SIGKILL", 4_000);
    expect(kept().map((name) => name.endsWith(".partial"))).toEqual([true]);
    const built = engine("native");
    expect(built.stdout, built.stderr).toMatch(/the native engine is installed/);
    expect(kept().filter((name) => name.endsWith(".partial"))).toEqual([]);
    expect(engine("status").stdout).toMatch(/tensorflow +installed/);
    const lib = JSON.stringify(join(libFolder(), "dist"));
    const script = `require(${lib}).engine.tensorEngine().then(({ tf, name }) =>
      console.log(name, tf.getBackend(), tf.matMul([[2]], [[3]]).dataSync()[0]))`;
    const used = spawnSync(process.execPath, ["-e", script], {
      env: { ...env, RECSYS_ENGINE: "tensorflow" },
      encoding: "utf8",
    });
    expect(used.stdout.trim().split("\n").pop()).toBe("tensorflow tensorflow 6");
    expect(engine("remove").stdout).toMatch(/what was installed is removed/);
    expect(kept()).toEqual([]);
  });
});
