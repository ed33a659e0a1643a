import type { MessagePort } from "node:worker_threads";
import type { ConnectionInfo } from "../protocol/connection";
import type { Content, Message, ParentHeader } from "../protocol/message";

/** What the main thread gives the I/O thread at its start. */
export interface IoThreadData {
  readonly connection: ConnectionInfo;
  /** Content of `kernel_info_reply`, which the I/O thread gives on the control channel even while a cell computes. */
  readonly kernelInfo: Content;
  /** The memory of the `Signals` that it shares with the main thread. */
  readonly signals: SharedArrayBuffer;
  /** Brings answers to a main thread that waits for them and reads no other messages. */
  readonly answers: MessagePort;
  /** The parent process at the kernel's start. */
  readonly parent: number;
  /** The folder that our own client made for this kernel alone, if it did. */
  readonly ownRuntimeFolder: string | undefined;
}

/** From the I/O thread to the main thread. Requests and interrupts are numbered, because they may come twice. */
export type ToMain =
  | { readonly type: "request"; readonly id: number; readonly identities: Uint8Array[]; readonly message: Message }
  | { readonly type: "interrupt"; readonly id: number }
  | ({ readonly type: "answer" } & InputAnswer)
  | { readonly type: "shutdown" };

/** What a question to the person came to: a line, or why there is none. */
export type InputAnswer = { readonly id: number } & (
  { readonly value: string } | { readonly missing: "interrupted" | "unreachable" }
);

/**
 * From the main thread to the I/O thread, which makes the messages: what turns content into bytes is out of the reach
 * of cells there.
 */
export type ToIo = {
  readonly messageType: string;
  readonly content: Content;
  readonly parent: ParentHeader;
  readonly metadata?: Content;
  readonly buffers?: readonly Uint8Array[];
} & (
  | { readonly type: "reply"; readonly identities: Uint8Array[] }
  | { readonly type: "publish" }
  /** A question to whoever sent the cell, with its number; the main thread may wait for the answer in place. */
  | { readonly type: "ask"; readonly identities: Uint8Array[]; readonly id: number; readonly inPlace: boolean }
  /** The cell that asked has ended: nobody waits for the answer any more. */
  | { readonly type: "forget" }
);
