import { createWriteStream } from "node:fs";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type Entry, open, type Options, type ZipFile } from "yauzl";
import { DownloadError, EngineError, sha256OfFile } from "../../core";
import type { RunTool } from "./tools";

/** A wheel of PyPI that holds libtensorflow. */
interface Wheel {
  readonly requirement: string;
  readonly platforms: readonly string[];
  readonly sha256: string;
}

/** By `process.arch`, on Linux. On arm64 the plain package has no CUDA parts. */
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
 * Fetches the wheel through the machine's pip, which knows its proxies and mirrors, and verifies its checksum.
 *
 * @param folder an empty one
 * @returns the wheel's path
 * @throws DownloadError when pip cannot fetch it or it is not the one expected
 */
export async function fetchWheel(wheel: Wheel, folder: string, run: RunTool): Promise<string> {
  const platforms = wheel.platforms.flatMap((platform) => ["--platform", platform]);
  const python = ["--implementation", "cp", "--python-version", "3.11", "--only-binary", ":all:", "--no-deps"];
  const quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "30", "--dest", folder];
  await run("pip", ["download", wheel.requirement, ...python, ...platforms, ...quiet]);
  const file = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (file === undefined) throw new DownloadError(`pip gave no wheel for ${wheel.requirement}`);
  const path = join(folder, file);
  const actual = await sha256OfFile(path);
  if (actual !== wheel.sha256)
    throw new DownloadError(`${file} has the checksum ${actual}, not ${wheel.sha256}`, {
      remedy: "try again; if it stays, the package index serves another file",
    });
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
  const openZip = promisify<string, Options, ZipFile>(open);
  const zip = await openZip(wheelPath, { lazyEntries: true, autoClose: false });
  try {
    const wanted = (await listEntries(zip)).filter((entry) => targetOf(entry) !== undefined);
    const openStream = promisify(zip.openReadStream.bind(zip) as ReadStreamOpener);
    for (const entry of wanted) {
      const path = join(deps, targetOf(entry)!);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await openStream(entry), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
  const library = join(deps, "lib");
  for (const [name, target] of [
    ["libtensorflow.so", "libtensorflow_cc.so.2"],
    ["libtensorflow.so.2", "libtensorflow_cc.so.2"],
    ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ])
    await symlink(target, join(library, name));
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
function targetOf({ fileName }: Entry): string | undefined {
  const library = libraries.exec(fileName);
  if (library !== null) return join("lib", library[1]);
  const header = headers.exec(fileName);
  return header === null ? undefined : join("include", header[1]);
}
