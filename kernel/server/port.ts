import type { ConnectionInfo } from "../protocol/connection";
import type { Content, Message, ParentHeader } from "../protocol/message";

/** What the main thread gives the I/O thread at its start. */
export interface IoThreadData {
  readonly connection: ConnectionInfo;
  /** Content of `kernel_info_reply`, which the I/O thread gives on the control channel even while a cell computes. */
  readonly kernelInfo: Content;
  /** The memory of the `Signals` that it shares with the main thread. */
  readonly signals: SharedArrayBuffer;
  /** The folder that our own client made for this kernel alone, if it did. */
  readonly ownRuntimeFolder: string | undefined;
}

/** From the I/O thread to the main thread. Requests and interrupts are numbered, because they may come twice. */
export type ToMain =
  | { readonly type: "request"; readonly id: number; readonly identities: Uint8Array[]; readonly message: Message }
  | { readonly type: "interrupt"; readonly id: number }
  | { readonly type: "shutdown" };

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
} & ({ readonly type: "reply"; readonly identities: Uint8Array[] } | { readonly type: "publish" });
