import type { StreamName } from "./streams";

const names: Readonly<Record<string, StreamName>> = {
  ...{ 1: "stdout", "/dev/stdout": "stdout", "/dev/fd/1": "stdout" },
  ...{ 2: "stderr", "/dev/stderr": "stderr", "/dev/fd/2": "stderr" },
};

type Write = (...given: unknown[]) => unknown;

/**
 * Shows what cells write to the file descriptors 1 and 2 by themselves, past `process.stdout`.
 *
 * @param take gets the text
 */
export function captureDescriptors(take: (name: StreamName, text: string) => void): void {
  // The module that cells see, not the kernel's copy.
  const fs = process.getBuiltinModule("node:fs") as unknown as Record<string, Write>;
  const redirect = (method: string, act: (name: StreamName, given: unknown[]) => unknown): void => {
    const original = fs[method];
    fs[method] = (...given) => {
      const name = names[String(given[0])];
      return name === undefined ? original.apply(fs, given) : act(name, given);
    };
  };
  const write = (name: StreamName, given: unknown[]): number => {
    const bytes = bytesOf(given);
    take(name, bytes.toString("utf8"));
    return bytes.length;
  };
  redirect("writeSync", write);
  for (const method of ["writeFileSync", "appendFileSync"])
    redirect(method, (name, [, data]) => void write(name, [undefined, data]));
  redirect("write", (name, given) => {
    const done = given.at(-1);
    const written = write(name, given);
    if (typeof done === "function") process.nextTick(done as () => void, null, written, given[1]);
  });
}

/** The arguments of `fs.write`: a text, or bytes with the part of them that is meant. */
function bytesOf([, data, ...rest]: unknown[]): Buffer {
  if (!ArrayBuffer.isView(data)) return Buffer.from(String(data), "utf8");
  const all = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const part = (typeof rest[0] === "object" && rest[0] !== null ? rest[0] : { offset: rest[0], length: rest[1] }) as {
    offset?: unknown;
    length?: unknown;
  };
  const offset = typeof part.offset === "number" ? part.offset : 0;
  return all.subarray(offset, typeof part.length === "number" ? offset + part.length : undefined);
}
