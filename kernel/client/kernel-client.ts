import { buildRemedy, RecsysError } from "recsys-unlearning/core";
import { kernelMain, projectFolder } from "../folders";
import { snapshotFlags } from "../snapshot/image";
import type { ConnectionInfo } from "../protocol/connection";
import type { Content, ExecuteRequest, Message } from "../protocol/message";
import { Channels, type RequestChannel } from "./channels";
import { type ConnectionFile, writeConnectionFile } from "./connection-file";
import { type KernelExit, KernelProcess } from "./kernel-process";
import { type DisplayRegistry, type Output, OutputCollector } from "./outputs";

/** A kernel that did not start, did not answer, or ended. */
export class KernelError extends RecsysError {}

export interface StartOptions {
  /** The command, with `{connection_file}`; default: the kernel of this package. */
  readonly argv?: readonly string[];
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Where the kernel listens; asked again when a port was taken. Default: ports that are free now. */
  readonly connectionFile?: () => Promise<ConnectionFile>;
  /** In bytes, of all messages together; a kernel that sends more is killed. Default: none. */
  readonly maxBytes?: number;
}

interface NotStarted {
  readonly reason: "dead" | "late";
  readonly log: string;
}

export interface ExecuteOptions extends Omit<ExecuteRequest, "code" | "allow_stdin"> {
  /** Answers what the cell asks a person. Default: the cell may not ask. */
  readonly onInput?: (prompt: string, password: boolean) => string | Promise<string>;
  /** Past this the cell is interrupted, and a kernel that does not heed it is killed. Default: none. */
  readonly timeoutMs?: number;
  /** Sees every message about the cell as it comes. */
  readonly onMessage?: (message: Message) => void;
}

/** What became of one cell. */
export interface Execution {
  readonly status: "ok" | "error" | "aborted" | "timeout" | "dead";
  readonly executionCount: number | null;
  /** Grows and changes while the kernel lives: late output of a cell belongs to it. */
  readonly outputs: Output[];
  readonly reply: Content;
  readonly ms: number;
}

/** The command of this package's kernel, from its startup snapshot where one stands. */
export function kernelArgv(): string[] {
  const flags = [...snapshotFlags(), "--no-force-async-hooks-checks"];
  return [process.execPath, ...flags, kernelMain(), "--config-path", "{connection_file}"];
}

const defaultStartTimeoutMs = 60_000;
const iopubGraceMs = 2000;
const interruptGraceMs = 3000;
const shutdownGraceMs = 3000;

// A port that was free when it was chosen may be another process's before the kernel listens on it.
const portTaken = /address already in use/i;
const startAttempts = 3;

function notStarted({ reason, log }: NotStarted): KernelError {
  return new KernelError(reason === "dead" ? "the kernel ended while it started" : "the kernel did not start in time", {
    remedy: log === "" ? buildRemedy() : `it said: ${log}`,
  });
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref());
}

/** A kernel that this process started and talks to over ZeroMQ, without Python. */
export class KernelClient {
  private readonly displays: DisplayRegistry = new Map();

  private constructor(
    private readonly file: ConnectionFile,
    private readonly process: KernelProcess,
    private readonly channels: Channels,
    /** The content of `kernel_info_reply`. */
    readonly info: Content,
  ) {}

  /**
   * Starts a kernel and waits until it answers and its output arrives.
   *
   * @throws KernelError when it does neither in time
   */
  static async start(options: StartOptions = {}): Promise<KernelClient> {
    for (let attempt = 1; ; attempt++) {
      const started = await KernelClient.startOnce(options, await (options.connectionFile ?? writeConnectionFile)());
      if (started instanceof KernelClient) return started;
      if (attempt === startAttempts || !portTaken.test(started.log)) throw notStarted(started);
    }
  }

  private static async startOnce(options: StartOptions, file: ConnectionFile): Promise<KernelClient | NotStarted> {
    const argv = (options.argv ?? kernelArgv()).map((word) => word.replace("{connection_file}", file.path));
    const process = new KernelProcess(argv, options.cwd ?? projectFolder(), options.env ?? {});
    void process.exited.then(file.remove);
    const channels = new Channels(file.connection, options.maxBytes, () => process.kill());
    const late = after(options.startTimeoutMs ?? defaultStartTimeoutMs, "late" as const);
    const ready = await Promise.race([waitUntilReady(channels), process.exited.then(() => "dead" as const), late]);
    if (typeof ready === "object") return new KernelClient(file, process, channels, ready);
    process.kill();
    channels.close();
    file.remove();
    await Promise.race([process.silent, after(iopubGraceMs, undefined)]);
    return { reason: ready, log: process.log };
  }

  /** What another client needs to talk to the same kernel. */
  get connection(): ConnectionInfo {
    return this.file.connection;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Resolves when the kernel's process has ended, for whatever reason. */
  get exited(): Promise<KernelExit> {
    return this.process.exited;
  }

  get isAlive(): boolean {
    return this.process.exit === undefined;
  }

  /** The last of what the kernel's process said outside of cells. */
  get log(): string {
    return this.process.log;
  }

  /** Runs code and gathers its outputs. Never throws for what the code does. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<Execution> {
    const { timeoutMs, onMessage, onInput, ...flags } = options;
    const collector = new OutputCollector(this.displays);
    const content = {
      silent: false,
      store_history: true,
      user_expressions: {},
      ...flags,
      allow_stdin: onInput !== undefined,
      code,
    };
    const start = performance.now();
    let becameIdle: () => void = () => undefined;
    const idle = new Promise<void>((resolve) => (becameIdle = resolve));
    const { id, reply } = this.channels.request("shell", "execute_request", content, (message) => {
      collector.take(message);
      onMessage?.(message);
      if (message.header.msg_type === "status" && message.content["execution_state"] === "idle") becameIdle();
    });
    const endAnswers =
      onInput === undefined
        ? undefined
        : this.channels.answer(id, ({ prompt, password }) => onInput(String(prompt ?? ""), password === true));
    const [status, answer] = await this.outcome(reply, timeoutMs);
    endAnswers?.();
    if (status !== "dead") await Promise.race([idle, after(iopubGraceMs, undefined), this.exited]);
    const executionCount = (answer["execution_count"] as number | undefined) ?? null;
    return { status, executionCount, outputs: collector.outputs, reply: answer, ms: performance.now() - start };
  }

  /** One request and its reply. @throws KernelError when the kernel ends or does not answer in time */
  async request(channel: RequestChannel, type: string, content: object = {}, timeoutMs = 10_000): Promise<Message> {
    const { reply } = this.channels.request(channel, type, content);
    const message = await Promise.race([reply, this.exited.then(() => undefined), after(timeoutMs, undefined)]);
    if (message !== undefined) return message;
    throw new KernelError(this.isAlive ? `no answer to ${type} within ${timeoutMs} ms` : "the kernel has ended");
  }

  /**
   * A message that has no reply, such as `comm_msg`.
   *
   * @param buffers bytes that go with it
   * @returns everything that the kernel published about it until it was idle again
   */
  async send(type: string, content: object, buffers: readonly Uint8Array[] = []): Promise<Message[]> {
    const heard: Message[] = [];
    let becameIdle: () => void = () => undefined;
    const idle = new Promise<void>((resolve) => (becameIdle = resolve));
    const take = (message: Message) => {
      heard.push(message);
      if (message.content["execution_state"] === "idle") becameIdle();
    };
    const { id } = this.channels.request("shell", type, content, take, buffers);
    await Promise.race([idle, this.exited]);
    this.channels.forget(id);
    return heard;
  }

  /** Sees everything that the kernel publishes, whatever it belongs to. @returns ends that */
  hear(listener: (message: Message) => void): () => void {
    return this.channels.hear(listener);
  }

  async interrupt(): Promise<void> {
    await this.request("control", "interrupt_request");
  }

  /** Ends the kernel, by request and if need be by force, and cleans up after it. */
  async shutdown(): Promise<void> {
    if (this.isAlive) {
      this.channels.request("control", "shutdown_request", { restart: false });
      await Promise.race([this.exited, after(shutdownGraceMs, undefined)]);
    }
    this.kill();
    await this.exited;
  }

  /** Ends the kernel by force. */
  kill(): void {
    this.process.kill();
    this.channels.close();
    this.file.remove();
  }

  private async outcome(reply: Promise<Message>, timeoutMs?: number): Promise<[Execution["status"], Content]> {
    const answered = reply.then(({ content }): [Execution["status"], Content] => [statusOf(content), content]);
    const died = this.exited.then((exit): [Execution["status"], Content] => ["dead", { ...exit }]);
    if (timeoutMs === undefined) return Promise.race([answered, died]);
    const first = await Promise.race([answered, died, after(timeoutMs, undefined)]);
    if (first !== undefined) return first;
    this.channels.request("control", "interrupt_request", {});
    const second = await Promise.race([answered, died, after(interruptGraceMs, undefined)]);
    if (second === undefined) this.kill();
    return ["timeout", second?.[1] ?? {}];
  }
}

function statusOf(content: Content): Execution["status"] {
  const status = content["status"];
  return status === "ok" || status === "error" ? status : "aborted";
}

/** Asks until an answer has come and iopub has said so: before that, output could be lost. */
async function waitUntilReady(channels: Channels): Promise<Content> {
  for (;;) {
    let heard: (value: true) => void = () => undefined;
    const hearing = new Promise<true>((resolve) => (heard = resolve));
    const { id, reply } = channels.request("shell", "kernel_info_request", {}, () => heard(true));
    const { content } = await reply;
    const subscribed = await Promise.race([hearing, after(100, false)]);
    channels.forget(id);
    if (subscribed) return content;
  }
}
