import { createHmac, timingSafeEqual } from "node:crypto";
import type { Content, Header, Message } from "./message";

const delimiter = Buffer.from("<IDS|MSG>");

/** Frames that are no message, or not one of somebody who knows the key. */
export class WireError extends Error {}

export interface Received {
  /** Where an answer has to go: ZeroMQ's routing frames. */
  readonly identities: Uint8Array[];
  readonly message: Message;
  /** Of all frames together. */
  readonly bytes: number;
}

/** A message in the four JSON texts that are signed and sent. */
export function serialize(message: Message<object>): string[] {
  return [message.header, message.parent_header, message.metadata, message.content].map((part) => JSON.stringify(part));
}

function signature(key: string, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * Signed frames, ready for a socket. An empty key means an unsigned connection, as the protocol has it.
 *
 * @param buffers what goes beside the JSON; the protocol does not sign it
 */
export function toFrames(
  key: string,
  identities: readonly Uint8Array[],
  parts: readonly string[],
  buffers: readonly Uint8Array[] = [],
): (string | Uint8Array)[] {
  return [...identities, delimiter, key === "" ? "" : signature(key, parts), ...parts, ...buffers];
}

/**
 * Reads the frames of one message. The signature is checked before anything is parsed.
 *
 * @throws WireError when there is no delimiter, the signature is wrong, or a part is not a JSON object
 */
export function fromFrames(key: string, frames: readonly Uint8Array[]): Received {
  const at = frames.findIndex((frame) => delimiter.equals(frame));
  if (at < 0) throw new WireError("a message without the delimiter <IDS|MSG>");
  const parts = frames.slice(at + 2, at + 6);
  if (parts.length < 4) throw new WireError(`a message of ${parts.length} parts instead of 4`);
  const buffers = frames.slice(at + 6);
  if (key !== "") {
    const given = Buffer.from(frames[at + 1]);
    const wanted = Buffer.from(signature(key, parts));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new WireError("a message with a wrong signature");
  }
  const [header, parent_header, metadata, content] = parts.map(parseObject);
  if (typeof header["msg_type"] !== "string" || typeof header["msg_id"] !== "string")
    throw new WireError("a message whose header has no msg_type or msg_id");
  return {
    identities: frames.slice(0, at),
    bytes: frames.reduce((sum, frame) => sum + frame.byteLength, 0),
    message: {
      header: header as unknown as Header,
      parent_header: parent_header as unknown as Header,
      metadata,
      content,
      ...(buffers.length === 0 ? {} : { buffers }),
    },
  };
}

function parseObject(part: Uint8Array): Content {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part).toString("utf8"));
  } catch {
    throw new WireError("a message part that is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError("a message part that is not a JSON object");
  return value as Content;
}
