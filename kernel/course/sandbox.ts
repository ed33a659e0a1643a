import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../folders";

/** How much a submission may take. */
export interface Limits {
  /** For each cell and for each answer, in seconds. */
  readonly cellSeconds: number;
  /** For a submission in all, in seconds. */
  readonly totalSeconds: number;
  /** In MiB. */
  readonly memory: number;
  /** Processes and threads. */
  readonly processes: number;
  /** In MiB, of one file and of each of the two folders that can be written. */
  readonly files: number;
  /** In MiB, of all messages that the kernel sends. */
  readonly output: number;
}

export const defaultLimits: Limits = {
  cellSeconds: 120,
  totalSeconds: 600,
  memory: 3072,
  processes: 256,
  files: 128,
  output: 64,
};

/** The programs of a sandbox that works here. */
export interface Sandbox {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly env: string;
  /** Gives up the root user's rights where the grader has them: limits of processes do not hold for that user. */
  readonly unprivileged: readonly string[];
  /** Options that only newer versions know. */
  readonly extra: readonly string[];
}

const run = promisify(execFile);

function program(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Looks for a sandbox. @returns why there is none, in a text, where there is none */
export async function findSandbox(): Promise<Sandbox | string> {
  if (process.platform !== "linux") return `bubblewrap exists for Linux only, and this is ${process.platform}`;
  const [bwrap, prlimit, env] = ["bwrap", "prlimit", "env"].map(program);
  if (bwrap === undefined)
    return "bubblewrap (bwrap) is not installed: apt install bubblewrap, or your system's package";
  if (prlimit === undefined || env === undefined) return "prlimit and env are not installed: apt install util-linux";
  const { stdout: help } = await run(bwrap, ["--help"]);
  const extra = help.includes("--disable-userns") ? ["--disable-userns"] : [];
  const sandbox = { bwrap, prlimit, env, extra, unprivileged: [] };
  const problem = await problemOf(sandbox);
  if (problem !== undefined || process.getuid?.() !== 0) return problem ?? sandbox;
  const setpriv = program("setpriv");
  if (setpriv === undefined) return sandbox;
  const unprivileged = [setpriv, `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];
  // Nobody may be kept from the checkout, or from namespaces: then the processes are watched alone.
  return (await problemOf({ ...sandbox, unprivileged })) === undefined ? { ...sandbox, unprivileged } : sandbox;
}

/** The user that a root user's sandboxes run as. */
export const nobody = 65534;

async function problemOf(sandbox: Sandbox): Promise<string | undefined> {
  const [command, ...args] = sandboxArgv(sandbox, { run: undefined, files: [] }, defaultLimits, [
    process.execPath,
    "-e",
    "0",
  ]);
  try {
    await run(command, args, { timeout: 60_000 });
    return undefined;
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    return `bubblewrap does not start here: ${(stderr || message).trim().split("\n").at(-1)}`;
  }
}

/** Where things are inside: nothing there tells of the machine outside. */
export const inside = {
  project: "/project",
  home: "/home/student",
  run: "/run/kernel",
  connection: "/run/connection.json",
  data: "/data",
} as const;

/** What one submission sees beside the system and the checkout. */
export interface Place {
  /** The folder of the kernel's sockets, and its connection file. */
  readonly run: { readonly folder: string; readonly connection: string } | undefined;
  /** Files beside the notebook: where they are outside, and their names inside. */
  readonly files: readonly (readonly [outside: string, name: string])[];
}

/** Of the project, these alone: no notebooks, no tests, no history. */
const projectParts = ["package.json", "node_modules", "lib", "kernel", "data"];
const systemFolders = ["/lib", "/lib32", "/lib64", "/bin", "/sbin"];
const systemFiles = ["/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives"];

/** The whole command that runs another in the sandbox, with an empty environment. */
export function sandboxArgv(sandbox: Sandbox, place: Place, limits: Limits, command: readonly string[]): string[] {
  const mib = (count: number) => String(count * 1024 * 1024);
  return [
    // Also the sandbox's own first process must not have the grader's environment: /proc shows it.
    ...[sandbox.env, "-i", ...sandbox.unprivileged, sandbox.bwrap],
    ...["--unshare-user", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", ...sandbox.extra],
    ...["--uid", "1000", "--gid", "1000", "--hostname", "sandbox", "--cap-drop", "ALL"],
    ...["--ro-bind", "/usr", "/usr", ...systemFolders.flatMap(systemFolder)],
    ...systemFiles.flatMap((path) => ["--ro-bind-try", path, path]),
    ...nodeFolder(),
    ...["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"],
    ...["--size", mib(limits.files), "--tmpfs", "/tmp", "--size", mib(limits.files), "--tmpfs", inside.home],
    ...projectParts.flatMap((part) => projectPart(part)),
    ...dataFolder(),
    ...place.files.flatMap(([outside, name]) => ["--ro-bind", outside, join(inside.home, name)]),
    ...(place.run === undefined
      ? []
      : [...["--bind", place.run.folder, inside.run], ...["--ro-bind", place.run.connection, inside.connection]]),
    ...["--remount-ro", "/", "--chdir", inside.home],
    ...Object.entries(environment()).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--", sandbox.prlimit, `--data=${mib(limits.memory)}`, `--nproc=${limits.processes}`],
    ...[`--fsize=${mib(limits.files)}`, "--core=0", "--nofile=1024", "--memlock=0", "--msgqueue=0"],
    ...[`--cpu=${Math.ceil(limits.totalSeconds * 2)}`, "--", ...command],
  ];
}

function environment(): Record<string, string> {
  const plain = { HOME: inside.home, TMPDIR: "/tmp", PATH: "/usr/bin:/bin", LANG: "C.UTF-8", TZ: "UTC" };
  const data: Record<string, string> = process.env["RECSYS_DATA"] === undefined ? {} : { RECSYS_DATA: inside.data };
  return { ...plain, ...data, RECSYS_TYPES: "lenient", RECSYS_THREADS: "1" };
}

/** On today's systems these are links into /usr. */
function systemFolder(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
}

/** Node, where it is not a program of the system. */
function nodeFolder(): string[] {
  const node = realpathSync(process.execPath);
  return node.startsWith("/usr/") ? [] : ["--ro-bind", node, node];
}

function projectPart(part: string): string[] {
  const path = join(projectFolder(), part);
  return existsSync(path) ? ["--ro-bind", realpathSync(path), join(inside.project, part)] : [];
}

function dataFolder(): string[] {
  const given = process.env["RECSYS_DATA"];
  return given !== undefined && existsSync(given) ? ["--ro-bind", realpathSync(given), inside.data] : [];
}
