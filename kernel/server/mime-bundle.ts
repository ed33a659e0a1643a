import { types } from "node:util";
import type { MimeBundle } from "recsys-unlearning/core";
import { isJsonType } from "../protocol/message";
import { inspectValue, isObject } from "./inspection";
import { plainData, TooLargeError } from "./plain-data";

/** How large one representation may be; plotly's own library, which a display may carry, has 5 million characters. */
const maxCharacters = 32_000_000;

/**
 * Representations as notebooks hold them: an object for JSON types, text for the others, base64 for the bytes of
 * pictures and sounds. What is none of these is left out; what is too large is named in the text.
 *
 * @param data whatever a cell has called its representations
 */
export function mimeBundle(data: object, metadata: unknown): MimeBundle {
  const shown: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const type of Object.keys(data)) {
    if (type === "") continue;
    try {
      const content = (data as Record<string, unknown>)[type];
      const kept = plainData(isJsonType(type) ? content : asText(type, content), maxCharacters);
      if (kept !== undefined) shown[type] = kept;
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      notes.push(`${type} is not shown: it has more than ${maxCharacters.toLocaleString("en")} characters`);
    }
  }
  if (notes.length > 0)
    shown["text/plain"] = [shown["text/plain"], ...notes].filter((text) => text !== undefined).join("\n");
  return { data: shown, metadata: plainMetadata(metadata) };
}

function plainMetadata(metadata: unknown): Record<string, unknown> {
  const plain = isObject(metadata) && !Array.isArray(metadata) ? plainData(metadata, maxCharacters) : {};
  return isObject(plain) ? (plain as Record<string, unknown>) : {};
}

function asText(type: string, content: unknown): string | undefined {
  if (content === null || content === undefined) return undefined;
  if (typeof content === "string") return content;
  if (Array.isArray(content) && content.every((line) => typeof line === "string")) return content.join("");
  if (ArrayBuffer.isView(content))
    return bytesAsText(type, Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  if (types.isAnyArrayBuffer(content)) return bytesAsText(type, Buffer.from(content));
  return isObject(content) ? inspectValue(content) : String(content);
}

function bytesAsText(type: string, bytes: Buffer): string {
  return bytes.toString(type.startsWith("text/") || /(xml|javascript|latex)$/.test(type) ? "utf8" : "base64");
}

/** About how many characters a bundle has on its way. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (!isObject(value)) return 8;
  return Object.entries(value).reduce((sum, [key, field]) => sum + key.length + sizeOf(field), 2);
}
