import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import canonicalize from "canonicalize";
import { InvalidArgumentError } from "./errors";
import { requireRegularFile } from "./files";

/**
 * The sha256 of some bytes or text, in lower-case hexadecimal.
 *
 * @example
 * sha256("abc").slice(0, 12);
 */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * The sha256 of a file, read as a stream.
 *
 * @throws InvalidDataError for a folder, a pipe or a device
 * @example
 * await sha256OfFile("ratings.csv");
 */
export async function sha256OfFile(path: string): Promise<string> {
  await requireRegularFile(path);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/**
 * JSON in the one canonical spelling of RFC 8785, so that equal values have equal text.
 *
 * @throws InvalidArgumentError for what JSON cannot hold (NaN, Infinity, functions at the top)
 * @example
 * sha256(canonicalJson({ b: 1, a: 2 })); // the same for { a: 2, b: 1 }
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new InvalidArgumentError("a value cannot be written as canonical JSON", {
      cause,
      remedy: "use null for NaN",
    });
  }
  if (text === undefined) throw new InvalidArgumentError("undefined has no JSON form", { remedy: "use null" });
  return text;
}
