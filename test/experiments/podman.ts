import { execFile, execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";

const execute = promisify(execFile);
const defaultBase = "docker.io/library/node:22-bookworm-slim";

/** Why no image can be built and run here, or `null`. */
export function podmanObstacle(): string | null {
  if (process.getuid?.() !== 0) return "it needs root";
  try {
    execFileSync("podman", ["--version"], { stdio: "ignore" });
    return null;
  } catch {
    return "it needs podman (apt-get install podman runc)";
  }
}

/** What podman printed and how it ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** podman as it also works where root may not raise limits, as in a sandbox: runc, with low limits. */
export function podmanIn(folder: string): (...args: string[]) => Promise<Ended> {
  const file = join(folder, "containers.conf");
  const limits = ["nofile=4096:4096", "nproc=4096:4096"]; // less than any process has that starts this
  const runtime = existsSync("/usr/sbin/runc") || existsSync("/usr/bin/runc") ? '[engine]\nruntime = "runc"\n' : "";
  writeFileSync(file, `[containers]\ndefault_ulimits = ${JSON.stringify(limits)}\n${runtime}`);
  const env = { ...process.env, CONTAINERS_CONF: file };
  return async (...args) => {
    try {
      return { status: 0, ...(await execute("podman", args, { env, maxBuffer: 1e8 })) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, stdout, stderr };
    }
  };
}

/**
 * Builds the image of what is committed, from the recipe's base or, where no registry has it, from a stand-in.
 *
 * @returns the commit
 */
export async function buildImage(podman: ReturnType<typeof podmanIn>, folder: string, image: string): Promise<string> {
  const commit = (await execute("git", ["rev-parse", "HEAD"], { cwd: inRepository() })).stdout.trim();
  const base = (await podman("pull", "--quiet", defaultBase)).status === 0 ? defaultBase : `${image}-base`;
  if (base !== defaultBase) {
    console.log(`${defaultBase} cannot be had here: the image stands on this machine's Node ${process.version}`);
    const env = { ...process.env, CONTAINERS_CONF: join(folder, "containers.conf") };
    await execute(inRepository("test", "experiments", "container-base.sh"), [process.execPath, base], { env });
  }
  const context = join(folder, "checkout");
  const archive = join(folder, "checkout.tar");
  await execute("git", ["archive", "--output", archive, commit], { cwd: inRepository() });
  await execute("mkdir", [context]);
  await execute("tar", ["-x", "-f", archive, "-C", context]);
  const recipe = join(context, "containers", "Containerfile");
  const how = ["--network", "host", "--layers=false", "--build-arg", `NODE_IMAGE=${base}`, "--tag", image];
  const { status, stderr, stdout } = await podman("build", ...how, "--file", recipe, context);
  if (status !== 0) throw new Error(`podman build ended with ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return commit;
}
