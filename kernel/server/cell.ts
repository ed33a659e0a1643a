import type { MimeBundle, ProgressEvent } from "recsys-unlearning/core";
import type { Content, DisplayData, ErrorContent, ExecuteRequest, Header } from "../protocol/message";
import { ProgressDisplay } from "./progress-display";
import { StreamBuffer, type StreamName } from "./streams";

/** Sends one message to everybody who listens. */
export type Publish = (parent: Header, type: string, content: object) => void;

/** How many characters of stdout and stderr one cell may print. */
const streamLimit = 5_000_000;

/**
 * One cell that runs or ran: its place in history and its way to show things. Late output of a finished cell still
 * belongs to it.
 */
export class Cell {
  readonly interruption = new AbortController();
  /** Whether its end has been decided. */
  settled = false;
  private readonly streams: StreamBuffer;
  private readonly progress: ProgressDisplay;

  /**
   * @param name the script name, `cell[n]`
   * @param count the number in history
   * @param silent whether nothing may be published
   */
  constructor(
    readonly header: Header,
    readonly request: ExecuteRequest,
    readonly name: string,
    readonly count: number,
    private readonly silent: boolean,
    private readonly publish: Publish,
  ) {
    this.streams = new StreamBuffer((stream, text) => this.send("stream", { name: stream, text }), streamLimit);
    this.progress = new ProgressDisplay(`progress-${name}`, (data, update) => this.display(data, update));
  }

  write(name: StreamName, text: string): void {
    this.streams.write(name, text);
  }

  display(data: DisplayData, update: boolean): void {
    this.streams.flush();
    this.send(update ? "update_display_data" : "display_data", { transient: {}, ...data });
  }

  showProgress(event: ProgressEvent): void {
    this.progress.take(event);
  }

  showInput(): void {
    this.send("execute_input", { code: this.request.code, execution_count: this.count });
  }

  showResult({ data, metadata }: MimeBundle): void {
    this.streams.flush();
    this.send("execute_result", { data, metadata, execution_count: this.count });
  }

  showError(error: ErrorContent): void {
    this.streams.flush();
    this.send("error", error);
  }

  /** Sends what is still held back. */
  finish(): void {
    this.progress.finish();
    this.streams.finish();
  }

  private send(type: string, content: Content | ErrorContent): void {
    if (!this.silent) this.publish(this.header, type, content);
  }
}
