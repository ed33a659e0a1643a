import { canonicalJson, CorruptFileError, InvalidDataError, readRegularFile, sha256 } from "../../core";

/** JSON with a checksum over it: a changed byte is noticed. */
export function sealed(value: object): string {
  return JSON.stringify({ ...value, sha256: sha256(canonicalJson(value)) }, null, 2) + "\n";
}

/**
 * What `sealed` wrote to a file; `null` where there is none.
 *
 * @param versions that this code knows; `undefined` for a form from before it had any
 * @throws CorruptFileError when its content is damaged
 * @throws InvalidDataError for a version that is not known, which is no damage, and for what is no regular file
 * @throws the error of the file system where it cannot be read, which is no damage either
 */
export async function readSealed(path: string, name: string, versions: readonly unknown[]): Promise<object | null> {
  const text = await readText(path);
  if (text === null) return null;
  const { sha256: seal, ...value } = parsed(text, name) as { sha256?: string; version?: unknown };
  requireVersion(value.version, versions, name, path);
  if (seal === sha256(canonicalJson(value)) && versions.includes(value.version)) return value;
  throw new CorruptFileError(`the checksum of ${name} does not fit its content`);
}

/**
 * The text of a file; `null` where there is none.
 *
 * @throws InvalidDataError for what is no regular file, and the file system's errors
 */
export async function readText(path: string): Promise<string | null> {
  try {
    return (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** @throws InvalidDataError for a version that later code must have written */
export function requireVersion(found: unknown, known: readonly unknown[], name: string, where: string): void {
  if (known.includes(found) || typeof found !== "number") return; // what is no version at all, the seal tells
  throw new InvalidDataError(`${name} has version ${String(found)}, which this code does not know`, {
    where,
    remedy: "use the release of recsys-unlearning that wrote it, or take it away",
  });
}

function parsed(text: string, name: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new CorruptFileError(`${name} is no JSON`, { cause });
  }
  throw new CorruptFileError(`${name} is no JSON object`);
}
