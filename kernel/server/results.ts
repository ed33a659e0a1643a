import { inspect } from "node:util";
import { displayBundle, type MimeBundle } from "recsys-unlearning/core";

/** How much of a value is shown: enough to know it, never a flood. */
const maxArrayLength = 60;
const maxStringLength = 10_000;
const depth = 4;

/** A value as text, cut where it is long. */
export function inspectValue(value: unknown): string {
  return inspect(value, { depth, maxArrayLength, maxStringLength, breakLength: 100 });
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * What a cell's last expression shows: its own `[Symbol.for("Jupyter.display")]()` (the convention Deno's kernel made
 * known; a promise is awaited), its `toHTML()`, or its text.
 */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  const own = displayBundle(value);
  const data: unknown = await Promise.resolve(own?.data);
  if (own !== undefined && isObject(data)) return { data: data as Record<string, unknown>, metadata: own.metadata };
  const text = { "text/plain": plainText(value) };
  if (!isObject(value) || !("toHTML" in value) || typeof value.toHTML !== "function")
    return { data: text, metadata: {} };
  return { data: { "text/html": String(await value.toHTML()), ...text }, metadata: {} };
}

/** Text of a value: strings as they are, tensors by their own summary, the rest inspected. */
function plainText(value: unknown): string {
  if (typeof value === "string") return cut(value);
  if (isTensor(value)) return cut(`${value.dtype} tensor [${value.shape.join(", ")}]\n${value.toString()}`);
  return inspectValue(value);
}

function cut(text: string): string {
  const more = text.length - maxStringLength;
  return more > 0 ? `${text.slice(0, maxStringLength)}… ${more.toLocaleString("en")} more characters` : text;
}

interface TensorLike {
  dtype: string;
  shape: number[];
  toString(): string;
}

function isTensor(value: unknown): value is TensorLike {
  return isObject(value) && "dtype" in value && "shape" in value && "dataSync" in value && Array.isArray(value.shape);
}
