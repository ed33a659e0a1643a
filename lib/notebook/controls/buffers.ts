// Bytes travel beside the JSON of a widget's state: they are taken out of it, with their paths, and put back.
import { InvalidArgumentError } from "../../core";

/** A state without its bytes, where each of them was, and they. */
export interface SplitState {
  readonly state: Record<string, unknown>;
  readonly buffer_paths: (string | number)[][];
  readonly buffers: Uint8Array[];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Takes bytes out: of an object they leave no key, in a list `null`, as the widget protocol has it. */
export function takeBuffers(given: Readonly<Record<string, unknown>>): SplitState {
  const buffer_paths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const taken = (value: unknown, path: (string | number)[]): unknown => {
    if (ArrayBuffer.isView(value)) {
      buffer_paths.push(path);
      buffers.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return undefined;
    }
    if (Array.isArray(value)) return value.map((one, i) => taken(one, [...path, i]) ?? null);
    return isRecord(value) ? record(value, path) : value;
  };
  const record = (value: Readonly<Record<string, unknown>>, path: (string | number)[]): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value)
        .map(([key, one]): [string, unknown] => [key, taken(one, [...path, key])])
        .filter(([, one]) => one !== undefined),
    );
  return { state: record(given, []), buffer_paths, buffers };
}

/**
 * Puts bytes back into a state that a page sent. A path that leads nowhere, or to what no object has of its own, is an
 * error.
 *
 * @throws InvalidArgumentError
 */
export function putBuffers(state: unknown, paths: unknown, buffers: readonly Uint8Array[]): Record<string, unknown> {
  if (!isRecord(state)) throw new InvalidArgumentError("a control got a state that is no object");
  const all: unknown[] = Array.isArray(paths) ? paths : [];
  if (all.length > buffers.length)
    throw new InvalidArgumentError(`a control got ${buffers.length} buffers for ${all.length} paths`);
  all.forEach((path, i) => put(state, path, buffers[i]));
  return state;
}

function put(state: Record<string, unknown>, path: unknown, bytes: Uint8Array): void {
  const wrong = new InvalidArgumentError("a control got bytes for a path that its state does not have");
  if (!Array.isArray(path) || path.length === 0) throw wrong;
  let holder: unknown = state;
  for (const key of path.slice(0, -1) as unknown[]) {
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, String(key))) throw wrong;
    holder = (holder as Record<string, unknown>)[String(key)];
  }
  if (typeof holder !== "object" || holder === null) throw wrong;
  const last: unknown = path.at(-1);
  if (Array.isArray(holder) && !(Number.isInteger(last) && Number(last) >= 0 && Number(last) < holder.length))
    throw wrong;
  Object.defineProperty(holder, String(last), { value: bytes, enumerable: true, writable: true, configurable: true });
}
