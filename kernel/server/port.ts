import type { ConnectionInfo } from "../protocol/connection";
import type { Content, Message } from "../protocol/message";

/** What the main thread gives the I/O thread at its start. */
export interface IoThreadData {
  readonly connection: ConnectionInfo;
  /** Content of `kernel_info_reply`, which the I/O thread gives on the control channel even while a cell computes. */
  readonly kernelInfo: Content;
  /** One number shared with the main thread: the interrupt that it saw last. */
  readonly seenInterrupt: Int32Array;
}

/** From the I/O thread to the main thread. */
export type ToMain =
  | { readonly type: "request"; readonly identities: Uint8Array[]; readonly message: Message }
  | { readonly type: "interrupt"; readonly id: number }
  | { readonly type: "shutdown" };

/** From the main thread to the I/O thread. `parts` are the four JSON texts of a message. */
export type ToIo =
  | { readonly type: "reply"; readonly identities: Uint8Array[]; readonly parts: string[] }
  | { readonly type: "publish"; readonly topic: string; readonly parts: string[] };
