import { randomUUID } from "node:crypto";
import { Dealer, Request, Subscriber } from "zeromq";
import { launch, type Launched, type Message, Wire } from "./testbed-wire";

/** What a cell came to: its reply, what iopub said about it, and whether it asked for input. */
export interface Ran {
  readonly reply: Message;
  readonly heard: readonly Message[];
  readonly asked: boolean;
}

/** How long a kernel may take for its start and for one answer. */
export interface Patience {
  readonly startMs: number;
  readonly answerMs: number;
}

const welcomeMs = 500;
const rejectionMs = 500;

/** Messages that have come, and who waits for one. */
class Inbox {
  private readonly kept: Message[] = [];
  private readonly waiting: ((message: Message) => void)[] = [];

  constructor(socket: Dealer | Subscriber, wire: Wire) {
    void this.listen(socket, wire);
  }

  /** @throws Error when none comes in time */
  async take(ms: number, what: string): Promise<Message> {
    const kept = this.kept.shift();
    if (kept !== undefined) return kept;
    return new Promise((resolve, reject) => {
      const taken = (message: Message) => (clearTimeout(timer), resolve(message));
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(taken), 1);
        reject(new Error(`no ${what} in time`));
      }, ms);
      this.waiting.push(taken);
    });
  }

  private async listen(socket: Dealer | Subscriber, wire: Wire): Promise<void> {
    for await (const frames of socket) {
      const message = wire.read(frames);
      if (message === undefined) continue;
      const next = this.waiting.shift();
      if (next === undefined) this.kept.push(message);
      else next(message);
    }
  }
}

/** A kernel as kernel-testbed drives it: five plain sockets, and no more patience than its own. */
export class TestbedSession {
  private readonly shell: Dealer;
  private readonly stdin: Dealer;
  private readonly control: Dealer;
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private readonly inboxes: Record<"shell" | "control" | "stdin" | "iopub", Inbox>;
  info: Message | undefined;
  welcomed = false;

  private constructor(
    private readonly wire: Wire,
    private readonly kernel: Launched,
    private readonly answerMs: number,
  ) {
    const routingId = randomUUID();
    this.shell = new Dealer({ linger: 0, routingId });
    this.stdin = new Dealer({ linger: 0, routingId });
    this.control = new Dealer({ linger: 0 });
    for (const name of ["shell", "stdin", "control", "iopub"] as const) this[name].connect(kernel.address(name));
    this.iopub.subscribe();
    const inbox = (socket: Dealer | Subscriber) => new Inbox(socket, wire);
    this.inboxes = {
      ...{ shell: inbox(this.shell), control: inbox(this.control) },
      ...{ stdin: inbox(this.stdin), iopub: inbox(this.iopub) },
    };
  }

  /** @throws Error when the kernel does not answer in time */
  static async start(argv: readonly string[], cwd: string, patience: Patience): Promise<TestbedSession> {
    const wire = new Wire();
    const session = new TestbedSession(wire, await launch(argv, cwd, wire), patience.answerMs);
    try {
      await session.greet(patience.startMs);
      return session;
    } catch (error) {
      session.stop();
      throw error;
    }
  }

  /** The first message of iopub is a welcome, or there is none. */
  private async greet(startMs: number): Promise<void> {
    const asked = this.request("shell", "kernel_info_request", {}, startMs);
    const first = this.inboxes.iopub.take(startMs, "message on iopub");
    this.info = await asked;
    const heard = await Promise.race([first, new Promise<undefined>((resolve) => setTimeout(resolve, welcomeMs))]);
    this.welcomed = heard?.header.msg_type === "iopub_welcome";
    first.catch(() => undefined);
  }

  async request(channel: "shell" | "control", type: string, content: object, ms = this.answerMs): Promise<Message> {
    const id = await this.send(channel, type, content);
    for (;;) {
      const reply = await this.inboxes[channel].take(ms, `answer to ${type}`);
      if (parentOf(reply) === id) return reply;
    }
  }

  /** Runs a cell until it is idle. @param answer to what it asks */
  async run(code: string, answer?: string): Promise<Ran> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, stop_on_error: true };
    const id = await this.send("shell", "execute_request", { ...content, allow_stdin: answer !== undefined });
    let asked = false;
    if (answer !== undefined)
      void this.inboxes.stdin
        .take(this.answerMs, "input_request")
        .then(async (request) => {
          asked = request.header.msg_type === "input_request";
          await this.stdin.send(
            this.wire.frames("input_reply", { value: answer, status: "ok" }, request.header).frames,
          );
        })
        .catch(() => undefined);
    const heard: Message[] = [];
    for (;;) {
      const message = await this.inboxes.iopub.take(this.answerMs, "idle on iopub");
      if (parentOf(message) !== id) continue;
      heard.push(message);
      if (isStatus(message, "idle")) break;
    }
    return { reply: await this.inboxes.shell.take(this.answerMs, "execute_reply"), heard, asked };
  }

  /** @returns whether the kernel closes a comm that nobody there knows */
  async opensUnknownComm(target_name: string): Promise<boolean> {
    const comm_id = `test-comm-${randomUUID()}`;
    await this.send("shell", "comm_open", { comm_id, target_name, data: {} });
    const end = performance.now() + rejectionMs;
    while (performance.now() < end) {
      const message = await this.inboxes.iopub.take(end - performance.now(), "comm_close").catch(() => undefined);
      if (message?.header.msg_type === "comm_close" && message.content["comm_id"] === comm_id) return true;
    }
    await this.send("shell", "comm_close", { comm_id, data: {} });
    return false;
  }

  /** @throws Error when the echo does not come */
  async heartbeat(): Promise<void> {
    const heart = new Request({ linger: 0, receiveTimeout: this.answerMs });
    try {
      heart.connect(this.kernel.address("hb"));
      await heart.send("ping");
      await heart.receive();
    } finally {
      heart.close();
    }
  }

  stop(): void {
    this.kernel.stop();
    for (const socket of [this.shell, this.stdin, this.control, this.iopub]) socket.close();
  }

  private async send(channel: "shell" | "control", type: string, content: object): Promise<string> {
    const { id, frames } = this.wire.frames(type, content);
    await this[channel].send(frames);
    return id;
  }
}

export function isStatus({ header, content }: Message, state: "busy" | "idle"): boolean {
  return header.msg_type === "status" && content["execution_state"] === state;
}

export function parentOf(message: Message): string | undefined {
  return message.parent_header["msg_id"] as string | undefined;
}
