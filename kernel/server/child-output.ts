import type { ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import type { StreamName } from "./streams";

type Take = (name: StreamName, text: string) => void;

/** One entry of `stdio` as Node's synchronous calls have it inside. */
interface SyncEntry {
  readonly type: string;
  readonly fd?: number;
  readonly handle?: unknown;
}

interface SyncBinding {
  spawn(options: { stdio: (SyncEntry | undefined)[]; maxBuffer?: number }): { output?: (Buffer | null)[] | null };
}

interface Spawning {
  spawn(this: ChildProcess, options: { stdio?: unknown }): unknown;
}

const names: Readonly<Record<number, StreamName>> = { 1: "stdout", 2: "stderr" };

/**
 * Shows what children write to the stdout and stderr that they inherit, which are the kernel's process's own and not
 * the cell's: such a child gets pipes instead, for spawn, exec, fork and their synchronous kin. What a synchronous one
 * writes is shown at its end.
 *
 * @param target makes the receiver for one child, when it is started
 */
export function captureChildren(target: () => Take): void {
  // The modules that cells see, not the kernel's copies.
  const { ChildProcess: Child } = process.getBuiltinModule("node:child_process");
  const prototype = Child.prototype as unknown as Spawning;
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { stdio, inherited } = withPipes(options.stdio);
    const take = target();
    const result = spawn.call(this, inherited.length === 0 ? options : { ...options, stdio });
    for (const [index, name] of inherited) forward(this, index, (text) => take(name, text));
    return result;
  };
  const binding = syncBinding();
  if (binding === undefined) return;
  const spawnSync = binding.spawn.bind(binding);
  binding.spawn = (options) => {
    const inherited = options.stdio.flatMap((entry, index) => {
      const name = names[syncDescriptor(entry) ?? 0];
      return index > 0 && name !== undefined ? [[index, name] as const] : [];
    });
    if (inherited.length === 0) return spawnSync(options);
    const pipe = { type: "pipe", readable: false, writable: true };
    const stdio = options.stdio.map((entry, index) => (inherited.some(([i]) => i === index) ? pipe : entry));
    const take = target();
    const result = spawnSync({ ...options, stdio, maxBuffer: Infinity });
    for (const [index, name] of inherited) {
      take(name, result.output?.[index]?.toString() ?? "");
      if (result.output) result.output[index] = null;
    }
    return result;
  };
}

/** Node's inside of `spawnSync`, `execSync` and `execFileSync`; `undefined` where a later Node has it no more. */
function syncBinding(): SyncBinding | undefined {
  try {
    return (process as unknown as { binding(name: string): SyncBinding }).binding("spawn_sync");
  } catch {
    return undefined;
  }
}

function syncDescriptor(entry: SyncEntry | undefined): number | undefined {
  if (entry?.type === "wrap")
    return descriptorOf(
      Object.values(names)
        .map((name) => process[name])
        .find((stream) => handleOf(stream) === entry.handle),
    );
  return entry?.type === "inherit" || entry?.type === "fd" ? entry.fd : undefined;
}

function handleOf(stream: unknown): unknown {
  return (stream as { _handle?: unknown })._handle ?? stream;
}

/** `stdio` with pipes for what would be inherited, and which these are. */
function withPipes(given: unknown): { stdio: unknown[]; inherited: (readonly [number, StreamName])[] } {
  const list: unknown[] = Array.isArray(given) ? [...(given as unknown[])] : [given, given, given];
  const inherited: (readonly [number, StreamName])[] = [];
  for (const [index, entry] of list.entries()) {
    const name = names[(entry === "inherit" ? index : descriptorOf(entry)) ?? 0];
    if (index === 0 || name === undefined) continue;
    list[index] = "pipe";
    inherited.push([index, name]);
  }
  return { stdio: list, inherited };
}

/** The file descriptor that an entry of `stdio` stands for. */
function descriptorOf(entry: unknown): number | undefined {
  if (typeof entry === "number") return entry;
  const fd = (entry as { fd?: unknown } | null | undefined)?.fd;
  return typeof fd === "number" ? fd : undefined;
}

/** Hands on what comes through a pipe; for whoever started the child there is none, as with an inherited stream. */
function forward(child: ChildProcess, index: number, take: (text: string) => void): void {
  const stream = child.stdio?.[index] as NodeJS.ReadableStream | null | undefined;
  if (stream == null) return; // it could not be started
  const decoder = new StringDecoder("utf8");
  stream.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on("end", () => take(decoder.end()));
  stream.on("error", () => undefined);
  Object.assign(child.stdio, { [index]: null });
  if (index === 1) child.stdout = null;
  if (index === 2) child.stderr = null;
}
