import type { MessagePort } from "node:worker_threads";
import type { Router } from "zeromq";
import { type Message, type MessageMaker } from "../protocol/message";
import { serialize, toFrames } from "../protocol/wire";
import type { InputAnswer, ToIo } from "./port";
import type { Signals } from "./signals";

type Ask = Extract<ToIo, { type: "ask" }>;

/** A client may still be connecting its stdin socket when its first cell asks. */
const reachAttempts = 20;
const reachEveryMs = 100;

interface Open {
  readonly ask: Ask;
  /** Of the `input_request`. */
  readonly messageId: string;
}

/**
 * The questions that cells ask a person, in the I/O thread: one at a time, sent to the client that sent the cell. The
 * socket must be `mandatory`, so that a client that does not listen on stdin is told from one that has not answered.
 */
export class InputRequests {
  private open: Open | undefined;

  /**
   * @param answers to a main thread that waits in place
   * @param post to one that does not
   */
  constructor(
    private readonly socket: Router,
    private readonly key: string,
    private readonly messages: MessageMaker,
    private readonly signals: Signals,
    private readonly answers: MessagePort,
    private readonly post: (answer: InputAnswer) => void,
  ) {}

  async ask(ask: Ask): Promise<void> {
    const message = this.messages.make("input_request", ask.content, ask.parent);
    this.open = { ask, messageId: message.header.msg_id };
    if (this.signals.isInterrupting) return this.interrupt();
    const frames = toFrames(this.key, ask.identities, serialize(message));
    for (let attempt = 1; this.open?.ask === ask; attempt++) {
      try {
        return await this.socket.send(frames);
      } catch {
        if (attempt === reachAttempts) return this.end({ id: ask.id, missing: "unreachable" });
        await new Promise((resolve) => setTimeout(resolve, reachEveryMs));
      }
    }
  }

  /** @returns whether this is the answer that is waited for; clients need not say which question they answer */
  take({ header, parent_header, content }: Message): boolean {
    const about = (parent_header as { msg_id?: string }).msg_id;
    if (header.msg_type !== "input_reply" || this.open === undefined) return false;
    if (about !== undefined && about !== this.open.messageId) return false;
    this.end({ id: this.open.ask.id, value: String(content["value"] ?? "") });
    return true;
  }

  /** Ends the waiting: the person interrupts the cell, or ends the kernel. */
  interrupt(): void {
    if (this.open !== undefined) this.end({ id: this.open.ask.id, missing: "interrupted" });
  }

  /** Nobody waits any more. */
  forget(): void {
    this.open = undefined;
  }

  private end(answer: InputAnswer): void {
    const inPlace = this.open?.ask.inPlace === true;
    this.open = undefined;
    if (!inPlace) return this.post(answer);
    this.answers.postMessage(answer);
    this.signals.endInput(answer.id);
  }
}
