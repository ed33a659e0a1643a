import { existsSync, readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

/**
 * What a limit belongs to: ratios differ from one kind of machine to the next, since peers use wider vectors and more
 * cores than we do.
 */
export interface MachineKind {
  /** With family and model number where the name alone is that of many, as in virtual machines. */
  readonly cpu: string;
  readonly cores: number;
  /** Bits of the widest vectors; `null` where the system does not say. */
  readonly simdBits: number | null;
  readonly nodeMajor: number;
}

/** Where a table was made: its seconds mean nothing elsewhere, its ratios more. */
export interface Machine extends MachineKind {
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
}

/** The machine of this process. */
export function thisMachine(): Machine {
  const info = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  return {
    cpu: cpuName(cpus()[0]?.model ?? "unknown", info),
    cores: cpus().length,
    simdBits: simdBits(info, arch()),
    nodeMajor: Number(process.versions.node.split(".")[0]),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
    node: process.version,
  };
}

/** @param info Linux's `/proc/cpuinfo`, or nothing */
export function cpuName(model: string, info: string): string {
  const [family, number] = ["cpu family", "model"].map((field) => fieldOf(info, field));
  return family === undefined || number === undefined ? model : `${model} (family ${family}, model ${number})`;
}

/** @param info Linux's `/proc/cpuinfo`, or nothing */
export function simdBits(info: string, architecture: string): number | null {
  if (architecture === "arm64") return 128; // each has NEON; what is wider PyTorch hardly uses
  const flags = new Set(fieldOf(info, "flags")?.split(" "));
  return flags.has("avx512f") ? 512 : flags.has("avx2") ? 256 : flags.has("sse2") ? 128 : null;
}

function fieldOf(info: string, field: string): string | undefined {
  return new RegExp(`^${field}\\s*: (.+)$`, "m").exec(info)?.[1];
}

/** In one line, as failures and tables name it. */
export function nameOf({ cpu, cores, simdBits: bits, nodeMajor }: MachineKind): string {
  const vectors = bits === null ? "vectors of unknown width" : `${bits}-bit vectors`;
  return `${cpu}, ${cores} cores, ${vectors}, Node ${nodeMajor}`;
}
