import { randomUUID } from "node:crypto";
import { types } from "node:util";
import {
  type Comm,
  type CommHandlers,
  type CommMessage,
  type CommOpening,
  type CommTarget,
  InvalidArgumentError,
} from "recsys-unlearning/core";
import type { Content, Message } from "../protocol/message";
import { isObject } from "./inspection";
import type { Extras } from "./outputs";
import { plainData, TooLargeError } from "./plain-data";

/** How many comms may be open at once, by whomever they were opened. */
const maxComms = 5000;
/** How large one message may be: characters of its JSON, about, and bytes beside it. */
const maxCharacters = 32_000_000;
const maxBufferBytes = 64 * 1024 * 1024;
/** A message has at most this many pieces of bytes; more frames are not taken from the other side either. */
const maxBuffers = 24;
const maxIdLength = 200;

/** A comm that is open. */
interface OpenComm {
  readonly target: string;
  handlers: CommHandlers;
}

/**
 * The conversations between cells and the pages that show the notebook: Jupyter's comms. What pages send is data for
 * the handlers of cells and lib, which are called as soon as the event loop turns; what either side gets wrong is said
 * to that side and ends nothing.
 */
export class Comms {
  private readonly targets = new Map<string, CommTarget>();
  private readonly open = new Map<string, OpenComm>();

  /**
   * @param send publishes a message of a comm
   * @param report takes what a handler has thrown
   */
  constructor(
    private readonly send: (type: string, content: Content, extras?: Extras) => void,
    private readonly report: (error: unknown) => void,
  ) {}

  registerTarget(name: string, target: CommTarget): void {
    if (typeof target !== "function") throw new InvalidArgumentError("the target of a comm is a function");
    this.targets.set(String(name), target);
  }

  /** Opens a comm from the kernel's side. @throws InvalidArgumentError past the limits */
  openComm({ target, data, metadata, buffers }: CommOpening, handlers: CommHandlers): Comm {
    this.requireRoom();
    const id = randomUUID().replaceAll("-", "");
    const content = { comm_id: id, target_name: String(target), data: sendable(data) };
    const extras = { metadata: sendable(metadata ?? {}) as Content, buffers: sendableBytes(buffers) };
    this.open.set(id, { target: String(target), handlers }); // what cannot be sent leaves nothing open
    this.send("comm_open", content, extras);
    return this.commOf(id);
  }

  /** Takes `comm_open`, `comm_msg` and `comm_close` of a page. */
  take({ header, content, metadata, buffers = [] }: Message): void {
    const id = content["comm_id"];
    if (typeof id !== "string" || id === "" || id.length > maxIdLength) return;
    const message: CommMessage = { data: content["data"], metadata, buffers, session: String(header.session) };
    switch (header.msg_type) {
      case "comm_open":
        return this.takeOpen(id, content["target_name"], message);
      case "comm_msg": {
        const handlers = this.open.get(id)?.handlers;
        // One that was closed meanwhile, or of the kernel before a restart.
        if (handlers === undefined) return this.send("comm_close", { comm_id: id, data: {} });
        return this.call(() => handlers.message?.(message));
      }
      case "comm_close": {
        const handlers = this.open.get(id)?.handlers;
        this.open.delete(id);
        return this.call(() => handlers?.closed?.());
      }
    }
  }

  /** The content of `comm_info_reply`. @param target only those of this one */
  info(target: unknown): Content {
    const all = [...this.open].map(([id, { target: name }]): [string, string] => [id, name]);
    const asked = typeof target === "string" ? all.filter(([, name]) => name === target) : all;
    return { status: "ok", comms: Object.fromEntries(asked.map(([id, target_name]) => [id, { target_name }])) };
  }

  private takeOpen(id: string, name: unknown, opened: CommMessage): void {
    const target = typeof name === "string" ? this.targets.get(name) : undefined;
    const refuse = () => this.send("comm_close", { comm_id: id, data: {} });
    // Widget managers ask before any cell has loaded lib; Jupyter's answer to an unknown target is the same.
    if (target === undefined || this.open.has(id)) return refuse();
    this.call(() => {
      this.open.set(id, { target: String(name), handlers: {} });
      try {
        this.requireRoom();
        const handlers: unknown = target(this.commOf(id), opened);
        const comm = this.open.get(id);
        if (comm !== undefined && isObject(handlers)) comm.handlers = handlers;
      } catch (error) {
        this.open.delete(id);
        refuse();
        throw error;
      }
    });
  }

  /** Calls what cells or lib gave; what it throws, or its promise is rejected with, is reported. */
  private call(handler: () => unknown): void {
    try {
      const result = handler();
      if (types.isPromise(result)) result.catch((error: unknown) => this.report(error));
    } catch (error) {
      this.report(error);
    }
  }

  /** One side of a comm, for whoever uses it: nothing of the kernel hangs on it. */
  private commOf(id: string): Comm {
    return Object.freeze({
      id,
      send: (data: unknown, buffers?: readonly Uint8Array[]) => {
        if (!this.open.has(id)) throw new InvalidArgumentError("this comm is closed", { remedy: "open another" });
        const content = { comm_id: id, data: sendable(data) };
        this.send("comm_msg", content, { buffers: sendableBytes(buffers) });
      },
      close: () => {
        if (this.open.delete(id)) this.send("comm_close", { comm_id: id, data: {} });
      },
    });
  }

  private requireRoom(): void {
    if (this.open.size < maxComms) return;
    throw new InvalidArgumentError(`${maxComms} comms are open, and no more are taken`, {
      remedy: 'close controls that are not needed, all of them by closeControls() of "recsys-unlearning/notebook"',
    });
  }
}

/** @throws InvalidArgumentError for data that is too large */
function sendable(data: unknown): unknown {
  try {
    return plainData(data, maxCharacters) ?? {};
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    throw new InvalidArgumentError(`what a comm sends has more than ${maxCharacters.toLocaleString("en")} characters`, {
      remedy: "send less, or bytes as buffers",
    });
  }
}

/** Copies of bytes, so that nothing else of the memory they lie in is sent. @throws InvalidArgumentError */
function sendableBytes(buffers: readonly Uint8Array[] = []): Uint8Array[] {
  if (buffers.length > maxBuffers)
    throw new InvalidArgumentError(`a message of ${buffers.length} buffers`, { remedy: `join them to ${maxBuffers}` });
  let left = maxBufferBytes;
  return Array.from(buffers, (bytes) => {
    if (!ArrayBuffer.isView(bytes)) throw new InvalidArgumentError("a buffer of a comm that is no typed array");
    if ((left -= bytes.byteLength) < 0)
      throw new InvalidArgumentError(`buffers of more than ${maxBufferBytes.toLocaleString("en")} bytes`);
    const copy = new Uint8Array(bytes.byteLength);
    copy.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return copy;
  });
}
