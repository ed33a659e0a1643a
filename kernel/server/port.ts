import type { ConnectionInfo } from "../protocol/connection";
import type { Content, Message } from "../protocol/message";

/** What the main thread gives the I/O thread at its start. */
export interface IoThreadData {
  readonly connection: ConnectionInfo;
  /** Content of `kernel_info_reply`, which the I/O thread gives on the control channel even while a cell computes. */
  readonly kernelInfo: Content;
  /** The memory of the `Signals` that it shares with the main thread. */
  readonly signals: SharedArrayBuffer;
}

/** From the I/O thread to the main thread. Requests and interrupts are numbered, because they may come twice. */
export type ToMain =
  | { readonly type: "request"; readonly id: number; readonly identities: Uint8Array[]; readonly message: Message }
  | { readonly type: "interrupt"; readonly id: number }
  | { readonly type: "shutdown" };

/** From the main thread to the I/O thread. `parts` are the four JSON texts of a message. */
export type ToIo =
  | { readonly type: "reply"; readonly identities: Uint8Array[]; readonly parts: string[] }
  | { readonly type: "publish"; readonly topic: string; readonly parts: string[] };
