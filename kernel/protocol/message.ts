import { randomUUID } from "node:crypto";
import type { MimeData } from "recsys-unlearning/core";

/** The messages of Jupyter's protocol 5.4, as far as both the kernel and the client speak it. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
}

export type Content = Record<string, unknown>;

/** The header of the request that a message belongs to, or empty. */
export type ParentHeader = Header | Record<string, never>;

export interface Message<T extends object = Content> {
  readonly header: Header;
  readonly parent_header: ParentHeader;
  readonly metadata: Content;
  readonly content: T;
  /** Bytes that go beside the JSON, in messages of comms. */
  readonly buffers?: readonly Uint8Array[];
}

export interface DisplayData {
  data: MimeData;
  metadata: Content;
  transient?: { display_id?: string };
}

/** What Jupyter's notebook format calls a JSON type: everything else is text. */
export function isJsonType(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
  /** Ours: asks for a value instead of running code. The answer stands in the reply, as `answer`. */
  question?: Question;
}

/** A function of cells to call, or a variable to read. */
export interface Question {
  readonly name: string;
  /** As `encodePlain` has them; without arguments the variable is read. */
  readonly args?: string;
}

/** What an error is, in `error` messages, replies and notebooks alike. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

export const protocolVersion = "5.4";

/** Makes the messages of one session. */
export class MessageMaker {
  constructor(
    private readonly session: string,
    private readonly username: string,
  ) {}

  make<T extends object>(type: string, content: T, parent: ParentHeader = {}, metadata: Content = {}): Message<T> {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: this.username,
      date: new Date().toISOString(),
      version: protocolVersion,
    };
    return { header, parent_header: parent, metadata, content };
  }
}
