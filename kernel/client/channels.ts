import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { channelAddress, type ConnectionInfo } from "../protocol/connection";
import { type Message, MessageMaker } from "../protocol/message";
import { fromFrames, serialize, toFrames, WireError } from "../protocol/wire";

export type RequestChannel = "shell" | "control";
type Listener = (message: Message) => void;

/** The client's ends of a kernel's sockets: requests with their replies, and what iopub says about each request. */
export class Channels {
  private readonly messages = new MessageMaker(randomUUID(), "recsys-unlearning");
  private readonly shell: Dealer;
  private readonly control: Dealer;
  private readonly iopub: Subscriber;
  private readonly replies = new Map<string, Listener>();
  private readonly publications = new Map<string, Listener>();
  private readonly listeners = new Set<Listener>();
  private sending: Promise<void> = Promise.resolve();

  private bytes = 0;

  /**
   * @param maxBytes what a kernel that is not trusted may send in all, and in one message
   * @param flooded called when it sends more
   */
  constructor(
    private readonly connection: ConnectionInfo,
    private readonly maxBytes: number = Infinity,
    private readonly flooded: () => void = () => undefined,
  ) {
    const limit = Number.isFinite(maxBytes) ? { maxMessageSize: maxBytes, receiveHighWaterMark: 16 } : {};
    this.shell = new Dealer({ linger: 0, ...limit });
    this.control = new Dealer({ linger: 0, ...limit });
    this.iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, ...limit });
    this.shell.connect(channelAddress(connection, "shell"));
    this.control.connect(channelAddress(connection, "control"));
    this.iopub.connect(channelAddress(connection, "iopub"));
    this.iopub.subscribe();
    void this.listen(this.shell, this.replies, true);
    void this.listen(this.control, this.replies, true);
    void this.listen(this.iopub, this.publications, false);
  }

  /**
   * Sends a request.
   *
   * @param onPublication takes what iopub says about it, until `forget(id)`
   * @param buffers bytes that go with it
   */
  request(
    channel: RequestChannel,
    type: string,
    content: object,
    onPublication?: Listener,
    buffers: readonly Uint8Array[] = [],
  ): { id: string; reply: Promise<Message> } {
    const message = this.messages.make(type, content);
    const id = message.header.msg_id;
    if (onPublication !== undefined) this.publications.set(id, onPublication);
    const reply = new Promise<Message>((resolve) => this.replies.set(id, resolve));
    const frames = toFrames(this.connection.key, [], serialize(message), buffers);
    this.sending = this.sending.then(() => this[channel].send(frames)).catch(() => undefined);
    return { id, reply };
  }

  /** Sees everything that iopub says. @returns ends that */
  hear(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  forget(id: string): void {
    this.replies.delete(id);
    this.publications.delete(id);
  }

  close(): void {
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  private async listen(socket: Dealer | Subscriber, listeners: Map<string, Listener>, once: boolean): Promise<void> {
    for await (const frames of socket) {
      for (const frame of frames) this.bytes += frame.byteLength;
      if (this.bytes > this.maxBytes) return this.flooded();
      try {
        const { message } = fromFrames(this.connection.key, frames);
        const parent = (message.parent_header as { msg_id?: string }).msg_id ?? "";
        const listener = listeners.get(parent);
        if (once) listeners.delete(parent);
        listener?.(message);
        if (!once) for (const hearing of this.listeners) hearing(message);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
  }
}
