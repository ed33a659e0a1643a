import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { channelAddress, type ConnectionInfo } from "../protocol/connection";
import { type Content, type Message, MessageMaker } from "../protocol/message";
import { fromFrames, serialize, toFrames, WireError } from "../protocol/wire";

export type RequestChannel = "shell" | "control";
type Listener = (message: Message) => void;
type Answerer = (content: Content) => string | Promise<string>;

/** The client's ends of a kernel's sockets: requests with their replies, and what iopub says about each request. */
export class Channels {
  private readonly messages = new MessageMaker(randomUUID(), "recsys-unlearning");
  private readonly shell: Dealer;
  private readonly control: Dealer;
  private readonly stdin: Dealer;
  private readonly iopub: Subscriber;
  private readonly replies = new Map<string, Listener>();
  private readonly publications = new Map<string, Listener>();
  private readonly listeners = new Set<Listener>();
  private readonly questions = new Map<string, Answerer>();
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
    // A kernel asks the client that sent the cell: by its name on the shell channel.
    const routingId = randomUUID();
    this.shell = new Dealer({ linger: 0, routingId, ...limit });
    this.stdin = new Dealer({ linger: 0, routingId, ...limit });
    this.control = new Dealer({ linger: 0, ...limit });
    this.iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, ...limit });
    this.shell.connect(channelAddress(connection, "shell"));
    this.control.connect(channelAddress(connection, "control"));
    this.stdin.connect(channelAddress(connection, "stdin"));
    this.iopub.connect(channelAddress(connection, "iopub"));
    this.iopub.subscribe();
    void this.listen(this.shell, this.replies, true);
    void this.listen(this.control, this.replies, true);
    void this.listen(this.iopub, this.publications, false);
    void this.answerQuestions();
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

  /** Answers what the kernel asks about a request, from the `input_request`'s content. @returns ends that */
  answer(id: string, give: Answerer): () => void {
    this.questions.set(id, give);
    return () => this.questions.delete(id);
  }

  forget(id: string): void {
    this.replies.delete(id);
    this.publications.delete(id);
  }

  close(): void {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
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

  private async answerQuestions(): Promise<void> {
    for await (const frames of this.stdin) {
      for (const frame of frames) this.bytes += frame.byteLength;
      if (this.bytes > this.maxBytes) return this.flooded();
      try {
        const { message } = fromFrames(this.connection.key, frames);
        const { msg_id = "" } = message.parent_header as { msg_id?: string };
        const answer = this.questions.get(msg_id);
        if (answer !== undefined && message.header.msg_type === "input_request") void this.reply(message, answer);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }
  }

  private async reply(asked: Message, answer: Answerer): Promise<void> {
    const value = await answer(asked.content);
    const frames = toFrames(
      this.connection.key,
      [],
      serialize(this.messages.make("input_reply", { value }, asked.header)),
    );
    this.sending = this.sending.then(() => this.stdin.send(frames)).catch(() => undefined);
  }
}
