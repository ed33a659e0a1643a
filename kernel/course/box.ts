import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConnectionFile } from "../client/connection-file";
import { KernelClient } from "../client/kernel-client";
import { kernelMain } from "../folders";
import { isAlive } from "../is-alive";
import type { ConnectionInfo } from "../protocol/connection";
import { inside, type Limits, nobody, type Sandbox, sandboxArgv } from "./sandbox";
import { watch } from "./watch";

/** A kernel for one submission. */
export interface Box {
  readonly kernel: KernelClient;
  /** Why it was ended from outside, if it was. */
  readonly excess: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** How submissions are run: in a sandbox, or, where somebody answers for them, without. */
export type Confinement = Sandbox | "trusted";

const prefix = "recsys-course-";
const megabyte = 1024 * 1024;
/** Many start at once, on a machine that may do other things. */
const startTimeoutMs = 300_000;

/** The folders of graders that were killed. */
export function sweepBoxes(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^recsys-course-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/**
 * Starts a kernel beside the files of an assignment.
 *
 * @param files outside, and their names beside the notebook
 * @throws KernelError where it does not start
 */
export async function openBox(
  how: Confinement,
  files: readonly (readonly [string, string])[],
  limits: Limits,
): Promise<Box> {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let excess: string | undefined;
  let unwatch: () => void = () => undefined;
  try {
    const kernel =
      how === "trusted" ? await startTrusted(folder, files) : await startConfined(how, folder, files, limits);
    if (how !== "trusted" && kernel.pid !== undefined)
      unwatch = watch({
        pid: kernel.pid,
        processes: limits.processes,
        memory: limits.memory * megabyte,
        folder: join(folder, "sockets"),
        expected: /^k-[1-5]$/,
        exceeded: (what) => {
          excess = what;
          kernel.kill();
        },
      });
    const close = async () => {
      unwatch();
      // By force: there is nothing in it to be saved, and it may not heed a request.
      kernel.kill();
      await kernel.exited;
      remove();
    };
    return { kernel, excess: () => excess, close };
  } catch (error) {
    unwatch();
    remove();
    throw error;
  }
}

function startConfined(
  sandbox: Sandbox,
  folder: string,
  files: readonly (readonly [string, string])[],
  limits: Limits,
): Promise<KernelClient> {
  const sockets = join(folder, "sockets");
  const file = join(folder, "connection.json");
  mkdirSync(sockets, { mode: 0o700 });
  const copies = copyFiles(files, join(folder, "files"));
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const common = { transport: "ipc", key: randomUUID(), signature_scheme: "hmac-sha256", ...ports };
  const connection: ConnectionInfo = { ...common, ip: join(sockets, "k") };
  writeFileSync(file, JSON.stringify({ ...common, ip: `${inside.run}/k` }), { mode: 0o600 });
  const main = kernelMain().slice(kernelMain().lastIndexOf("/dist/"));
  const command = [
    ...[process.execPath, "--no-force-async-hooks-checks", `--max-old-space-size=${Math.floor(limits.memory / 2)}`],
    ...[`${inside.project}/kernel${main}`, "--config-path", inside.connection],
  ];
  const place = { run: { folder: sockets, connection: file }, files: copies };
  if (sandbox.unprivileged.length > 0) for (const path of [folder, sockets, file]) chownSync(path, nobody, nobody);
  const argv = sandboxArgv(sandbox, place, limits, command);
  const connectionFile = (): Promise<ConnectionFile> =>
    Promise.resolve({ path: file, connection, remove: () => undefined });
  return KernelClient.start({ argv, cwd: folder, connectionFile, maxBytes: limits.output * megabyte, startTimeoutMs });
}

/** In a folder of copies, with the person's own rights. */
function startTrusted(folder: string, files: readonly (readonly [string, string])[]): Promise<KernelClient> {
  const home = join(folder, "home");
  mkdirSync(home);
  copyFiles(files, home);
  return KernelClient.start({ cwd: home, env: { RECSYS_TYPES: "lenient", RECSYS_THREADS: "1" }, startTimeoutMs });
}

/** Copies, because whoever the submission runs as may not see the originals' folder. */
function copyFiles(files: readonly (readonly [string, string])[], folder: string): (readonly [string, string])[] {
  return files.map(([outside, name]) => {
    const copy = join(folder, name);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(outside, copy);
    chmodSync(copy, 0o644);
    return [copy, name] as const;
  });
}
