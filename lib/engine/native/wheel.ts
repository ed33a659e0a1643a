import { createWriteStream } from "node:fs";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type Entry, open, type Options, type ZipFile } from "yauzl";
import { announce, currentSignal, DownloadError, EngineError, sha256OfFile, throwIfCancelled } from "../../core";
import type { RunTool } from "./tools";

/** A wheel of PyPI. */
export interface Wheel {
  readonly requirement: string;
  readonly platforms: readonly string[];
  readonly sha256: string;
  /** Where it is when the machine's pip cannot give it. Default: nowhere else. */
  readonly address?: string;
}

/** Wheels with libtensorflow, by `process.arch`, on Linux. On arm64 the plain package has no CUDA parts. */
const wheels: Readonly<Record<string, Wheel>> = {
  x64: {
    requirement: "tensorflow-cpu==2.21.0",
    platforms: ["manylinux_2_27_x86_64"],
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  },
  arm64: {
    requirement: "tensorflow==2.21.0",
    platforms: ["manylinux_2_27_aarch64"],
    sha256: "4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c",
  },
};

/** The wheel for this machine. @throws EngineError when there is none */
export function wheelForThisMachine(): Wheel {
  const wheel = process.platform === "linux" ? wheels[process.arch] : undefined;
  if (wheel !== undefined) return wheel;
  throw new EngineError(`PyPI has no libtensorflow for ${process.platform}-${process.arch} that fits`, {
    remedy: "keep the wasm engine, which needs nothing",
  });
}

/**
 * Fetches a wheel and verifies its checksum: through the machine's pip, which knows its proxies and mirrors, else from
 * the wheel's own address.
 *
 * @param folder an empty one
 * @returns the wheel's path
 * @throws DownloadError when it cannot be fetched or is not the one expected
 */
export async function fetchWheel(wheel: Wheel, folder: string, run: RunTool): Promise<string> {
  const path = (await byPip(wheel, folder, run)) ?? (await byAddress(wheel, folder));
  const actual = await sha256OfFile(path);
  if (actual !== wheel.sha256)
    throw new DownloadError(`${basename(path)} has the checksum ${actual}, not ${wheel.sha256}`, {
      remedy: "try again; if it stays, the package index serves another file",
    });
  return path;
}

/** @returns `undefined` where pip cannot, and the wheel has an address; which is announced */
async function byPip(wheel: Wheel, folder: string, run: RunTool): Promise<string | undefined> {
  const platforms = wheel.platforms.flatMap((platform) => ["--platform", platform]);
  const python = ["--implementation", "cp", "--python-version", "3.11", "--only-binary", ":all:", "--no-deps"];
  const quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "30", "--dest", folder];
  try {
    await run("pip", ["download", wheel.requirement, ...python, ...platforms, ...quiet]);
  } catch (error) {
    throwIfCancelled("a download");
    if (wheel.address === undefined) throw error;
    announce(`pip does not give ${wheel.requirement}; downloading it from ${new URL(wheel.address).host}`);
    return undefined;
  }
  const file = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (file === undefined) throw new DownloadError(`pip gave no wheel for ${wheel.requirement}`);
  return join(folder, file);
}

const longestDownloadMs = 300_000;

async function byAddress({ address }: Wheel, folder: string): Promise<string> {
  const { host, pathname } = new URL(address!);
  const path = join(folder, basename(pathname));
  const signals = [AbortSignal.timeout(longestDownloadMs), currentSignal()].filter((signal) => signal !== undefined);
  try {
    const response = await fetch(address!, { signal: AbortSignal.any(signals) });
    if (!response.ok) throw new Error(`${host} answers ${response.status}`);
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
  } catch (cause) {
    throwIfCancelled("a download");
    throw new DownloadError(`${basename(pathname)} cannot be had from ${host}: ${(cause as Error).message}`, {
      remedy: "try again where a package index is in reach",
      cause,
    });
  }
  return path;
}

const libraries = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
/** The C interface, and what its headers include. */
const headers =
  /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/;

/**
 * Unpacks libtensorflow and its C headers into `deps`, as the build of tfjs-node expects them. Nothing else of the
 * wheel is read.
 *
 * @param deps the folder `deps` of the package
 */
export async function unpackLibrary(wheelPath: string, deps: string): Promise<void> {
  await unpackWheel(wheelPath, deps, targetOf);
  const library = join(deps, "lib");
  for (const [name, target] of [
    ["libtensorflow.so", "libtensorflow_cc.so.2"],
    ["libtensorflow.so.2", "libtensorflow_cc.so.2"],
    ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ])
    await symlink(target, join(library, name));
}

/** Unpacks some files of a wheel. @param targetOf where in the folder a file goes, `undefined` for one not wanted */
export async function unpackWheel(
  wheelPath: string,
  folder: string,
  targetOf: (fileName: string) => string | undefined,
): Promise<void> {
  const openZip = promisify<string, Options, ZipFile>(open);
  const zip = await openZip(wheelPath, { lazyEntries: true, autoClose: false });
  try {
    const openStream = promisify(zip.openReadStream.bind(zip) as ReadStreamOpener);
    for (const entry of await listEntries(zip)) {
      const target = targetOf(entry.fileName);
      if (target === undefined) continue;
      const path = join(folder, target);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await openStream(entry), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
}

type ReadStreamOpener = (entry: Entry, callback: (error: Error | null, stream: Readable) => void) => void;

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("error", reject);
    zip.on("end", () => resolve(entries));
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** Where an entry goes inside `deps`, if it is wanted. */
function targetOf(fileName: string): string | undefined {
  const library = libraries.exec(fileName);
  if (library !== null) return join("lib", library[1]);
  const header = headers.exec(fileName);
  return header === null ? undefined : join("include", header[1]);
}
