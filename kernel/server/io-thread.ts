// The thread that owns the sockets. It answers heartbeats, interrupts and shutdowns even while a cell computes, and
// sends output while a cell is still in a synchronous loop.
import { rmSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router, XPublisher } from "zeromq";
import { channelAddress } from "../protocol/connection";
import { type Content, type Header, type Message, MessageMaker } from "../protocol/message";
import { fromFrames, type Received, serialize, toFrames, WireError } from "../protocol/wire";
import { randomUUID } from "node:crypto";
import { InputRequests } from "./input-requests";
import { Interrupter } from "./interrupter";
import { Outbox } from "./outbox";
import { isOrphan } from "./parent";
import { signalGroup } from "./process-group";
import type { IoThreadData, ToIo, ToMain } from "./port";
import { Signals } from "./signals";

const { connection, kernelInfo, signals: memory, answers, parent, ownRuntimeFolder } = workerData as IoThreadData;
const signals = new Signals(memory);
const key = connection.key;
const port = parentPort as NonNullable<typeof parentPort>;
const messages = new MessageMaker(randomUUID(), "kernel");

/**
 * Larger frames than this are refused, and with them the peer that sent one; messages whose frames together are larger,
 * too.
 */
const maxMessageSize = 64 * 1024 * 1024;
/** A message has five frames and its routing; each further one would cost memory that nobody has counted. */
const maxFrames = 32;
/** What may wait for a cell that computes. */
const maxWaitingBytes = 4 * maxMessageSize;
/**
 * Heartbeats are a few bytes. Without these limits anybody who reaches the port could fill the memory, key or no key.
 */
const heartbeatLimits = { maxMessageSize: 4096, receiveHighWaterMark: 8, sendHighWaterMark: 8 };
/** How many messages of one peer ZeroMQ keeps beside those that are read at once. */
const receiveHighWaterMark = 64;
const exitGraceMs = 1000;

// An unlimited queue: ZeroMQ's default of 1,000 messages would drop output and even the idle status. It hears of every
// subscription, also of one that somebody else has. Subscriptions are a few bytes, and carry no key.
const iopub = new XPublisher({
  ...{ sendHighWaterMark: 0, linger: exitGraceMs, verbosity: "allSubs" },
  ...{ maxMessageSize: heartbeatLimits.maxMessageSize, receiveHighWaterMark },
});
const shell = new Router({ linger: exitGraceMs, maxMessageSize, receiveHighWaterMark });
const control = new Router({ linger: exitGraceMs, maxMessageSize, receiveHighWaterMark });
const stdin = new Router({ linger: 0, mandatory: true, maxMessageSize, receiveHighWaterMark });
const heartbeat = new Reply({ linger: 0, ...heartbeatLimits });

const publications = new Outbox(iopub);
const shellReplies = new Outbox(shell);
const controlReplies = new Outbox(control);

function post(message: ToMain): void {
  port.postMessage(message);
}

const inputs = new InputRequests(stdin, key, messages, signals, answers, (answer) =>
  post({ type: "answer", ...answer }),
);

/** Says something on the process's own stderr, the log of whoever started the kernel. */
function log(line: string): void {
  writeSync(2, `recsys-unlearning kernel: ${line}\n`);
}

function publish(request: Message, type: string, content: Content): void {
  publications.send(toFrames(key, [Buffer.from(type)], serialize(messages.make(type, content, request.header))));
}

function replyOnControl({ identities, message }: Received, type: string, content: Content): void {
  controlReplies.send(toFrames(key, identities, serialize(messages.make(type, content, message.header))));
}

async function receive(socket: Router, take: (received: Received) => Promise<void> | void): Promise<void> {
  for await (const frames of socket) {
    try {
      await take(fromFrames(key, limited(frames)));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      log(`ignored ${error.message}`);
    }
  }
}

/** @throws WireError for a message that is too large, before anything of it is read */
function limited(frames: Uint8Array[]): Uint8Array[] {
  const bytes = sizeOf(frames);
  if (frames.length <= maxFrames && bytes <= maxMessageSize) return frames;
  throw new WireError(`a message of ${frames.length} frames and ${bytes} bytes, which is more than is taken`);
}

function sizeOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + frame.byteLength, 0);
}

type ShellRequest = Extract<ToMain, { type: "request" }>;

/** Requests that the main thread may not have taken yet, with their sizes. */
let untaken: { readonly request: ShellRequest; readonly bytes: number }[] = [];
let lastRequest = 0;

function takeShell({ identities, message, bytes }: Received): void {
  untaken = untaken.filter(({ request }) => request.id > signals.request);
  const waiting = untaken.reduce((sum, one) => sum + one.bytes, 0);
  if (waiting + bytes > maxWaitingBytes)
    throw new WireError(`a request while others of ${waiting} bytes wait, which is more than is kept`);
  const request: ShellRequest = { type: "request", id: ++lastRequest, identities, message };
  untaken.push({ request, bytes });
  post(request);
  if (isOvertaken(message.header)) void Promise.resolve(interrupting).then(interrupt);
}

const interrupter = new Interrupter(
  signals,
  (id) => post({ type: "interrupt", id }),
  () => untaken.filter(({ request }) => request.id > signals.request).forEach(({ request }) => post(request)),
);
let interrupting: Promise<void> | undefined;
let isFollowed = false;
let lastInterrupt: Header | undefined;

/**
 * Interrupts what runs, or the question that it waits for. An interrupt that is under way is the same one, unless what
 * it was for has ended: then it is for what came after, and follows.
 */
function interrupt(): void {
  if (interrupting === undefined) begin();
  else if (!signals.isInterrupting && !isFollowed) {
    isFollowed = true;
    void interrupting.then(begin);
  }
  // The interrupt has its number by now: who waited for an answer finds it.
  inputs.interrupt();
}

function begin(): void {
  isFollowed = false;
  interrupting = interrupter.interrupt().finally(() => (interrupting = undefined));
}

/** Whether a person sent this before an interrupt that has overtaken it: the channels are connections of their own. */
function isOvertaken({ msg_type, session, date }: Header): boolean {
  return msg_type === "execute_request" && session === lastInterrupt?.session && date < lastInterrupt.date;
}

/** Control requests get their answer here, so that it never waits for a cell. */
async function takeControl(received: Received): Promise<void> {
  const request = received.message;
  publish(request, "status", { execution_state: "busy" });
  switch (request.header.msg_type) {
    case "kernel_info_request":
      replyOnControl(received, "kernel_info_reply", kernelInfo);
      break;
    case "interrupt_request":
      replyOnControl(received, "interrupt_reply", { status: "ok" });
      lastInterrupt = request.header;
      interrupt();
      break;
    case "shutdown_request":
      await shutDown(received);
      return;
    default:
      log(`ignored ${request.header.msg_type} on the control channel`);
  }
  publish(request, "status", { execution_state: "idle" });
}

async function shutDown(received: Received): Promise<void> {
  const request = received.message;
  const content = { status: "ok", restart: request.content["restart"] === true };
  replyOnControl(received, "shutdown_reply", content);
  publish(request, "shutdown_reply", content);
  publish(request, "status", { execution_state: "idle" });
  await Promise.all([controlReplies.drained(), publications.drained()]);
  // Before the process ends: tearing down a socket that is still being read aborts it.
  for (const socket of [shell, control, stdin, heartbeat, iopub]) socket.close();
  // A main thread in a synchronous loop cannot hear this.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), exitGraceMs);
  inputs.interrupt();
  post({ type: "shutdown" });
}

/** The first byte of what a subscriber sends. */
const subscribes = 1;

/** Tells each new subscriber that it is heard from now on (`iopub_welcome` of protocol 5.4). */
async function welcomeSubscribers(): Promise<void> {
  for await (const [frame] of iopub) {
    if (frame[0] !== subscribes) continue;
    const topic = frame.subarray(1);
    const welcome = messages.make("iopub_welcome", { subscription: topic.toString() });
    publications.send(toFrames(key, [topic], serialize(welcome)));
  }
}

async function echoHeartbeats(): Promise<void> {
  for await (const frames of heartbeat)
    await heartbeat.send(sizeOf(frames) <= heartbeatLimits.maxMessageSize ? frames : "");
}

/**
 * jupyter_client and our own client say whose child this kernel is; without its parent nobody would ever end it, nor
 * what its cells have started, nor remove the folder that our client made for it.
 */
function dieWithParent(): void {
  if (process.env["JPY_PARENT_PID"] === undefined) return;
  setInterval(() => {
    if (!isOrphan(parent)) return;
    if (ownRuntimeFolder !== undefined) rmSync(ownRuntimeFolder, { recursive: true, force: true });
    signalGroup("SIGKILL");
    process.kill(process.pid, "SIGKILL");
  }, 1000);
}

async function serve(): Promise<void> {
  // iopub first and one at a time: a request that arrives while iopub is still binding would lose its output.
  await iopub.bind(channelAddress(connection, "iopub"));
  await stdin.bind(channelAddress(connection, "stdin"));
  await heartbeat.bind(channelAddress(connection, "hb"));
  await control.bind(channelAddress(connection, "control"));
  await shell.bind(channelAddress(connection, "shell"));
  port.on("message", (order: ToIo) => {
    const { messageType, content, parent, metadata, buffers } = order;
    if (order.type === "ask") return void inputs.ask(order);
    if (order.type === "forget") return inputs.forget();
    const parts = serialize(messages.make(messageType, content, parent, metadata));
    if (order.type === "publish") publications.send(toFrames(key, [Buffer.from(messageType)], parts, buffers));
    else shellReplies.send(toFrames(key, order.identities, parts));
  });
  await Promise.all([
    receive(shell, takeShell),
    receive(control, takeControl),
    receive(stdin, ({ message }) => {
      if (!inputs.take(message)) log(`ignored ${message.header.msg_type}: no cell waits for input`);
    }),
    welcomeSubscribers(),
    echoHeartbeats(),
  ]);
}

dieWithParent();
serve().catch((error: unknown) => {
  log(String(error));
  process.kill(process.pid, "SIGTERM");
});
