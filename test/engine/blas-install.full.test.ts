import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { libFolder } from "../../lib/core";

const cache = mkdtempSync(join(tmpdir(), "blas-cache-"));
const command = join(libFolder(), "dist", "commands", "engine.js");
const kept = () => (existsSync(join(cache, "engine")) ? readdirSync(join(cache, "engine")).sort() : []);

const engine = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [command, ...args], {
    env: { ...process.env, RECSYS_CACHE: cache, ...env },
    encoding: "utf8",
  });

/**
 * Starts an installation and ends it by a signal after a while, with the npm that it started, as Ctrl-C and a machine's
 * end do: an npm that goes on alone may make its folder again.
 */
function interrupted(signal: NodeJS.Signals, afterMs: number): Promise<unknown> {
  const env = { ...process.env, RECSYS_CACHE: cache };
  const child = spawn(process.execPath, [command, "blas"], { env, stdio: "ignore", detached: true });
  setTimeout(() => process.kill(-child.pid!, signal), afterMs);
  return new Promise((resolve) => child.on("exit", resolve));
}

const nowhere = "http://127.0.0.1:9";
const quickly = { npm_config_fetch_retries: "0" };
const inReach = spawnSync("npm", ["view", "koffi", "version"], { encoding: "utf8" }).status === 0;
if (!inReach) console.log("skipped: installing the blas engine: no package registry is in reach");

describe.skipIf(!inReach)("installing the blas engine", () => {
  it("leaves nothing when it is interrupted", async () => {
    await interrupted("SIGINT", 1_500);
    expect(kept()).toEqual([]);
  });

  it("says that no registry is in reach, and leaves nothing", () => {
    const { status, stderr } = engine(["blas"], { ...quickly, npm_config_registry: nowhere });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(
      /npm install failed:\s+npm error code ECONNREFUSED[\s\S]*remedy: try again where npm can get koffi/,
    );
    expect(kept()).toEqual([]);
  });

  it("sweeps what a killed one left, is used, made anew where it is damaged, and removed", async () => {
    await interrupted("SIGKILL", 1_500);
    expect(kept().map((name) => name.endsWith(".partial"))).toEqual([true]);
    const noIndex = { PIP_INDEX_URL: nowhere, PIP_NO_INDEX: "1", PIP_FIND_LINKS: "" };
    const installed = engine(["blas"], noIndex); // from the wheel's own address
    expect(installed.stdout, installed.stderr).toMatch(/the blas engine is installed: packages .*check/);
    const [measured, folder] = kept();
    expect([measured, folder.startsWith("openblas-")]).toEqual(["measured-blas.json", true]);
    expect(engine(["blas"]).stdout).toMatch(/is installed already/);
    expect(engine(["status"]).stdout).toMatch(/blas +installed/);
    expect(engine(["status"], { RECSYS_ENGINE: "blas" }).stdout).toMatch(/in use here: blas/);

    const libraries = join(cache, "engine", folder, "scipy_openblas32", "lib");
    const library = readdirSync(libraries).find((name) => name.startsWith("libscipy_openblas"))!;
    truncateSync(join(libraries, library), 1000);
    expect(engine(["status"], { RECSYS_ENGINE: "blas" }).stderr).toMatch(/is damaged[\s\S]*engine -- blas/);
    const again = engine(["blas"]);
    expect(again.stdout).toMatch(/is damaged; installing it again[\s\S]*the blas engine is installed: packages/);

    expect(engine(["remove"]).stdout).toMatch(/what was installed is removed/);
    expect(kept()).toEqual([]);
  });
});
