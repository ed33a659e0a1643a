import type { MimeBundle, ProgressEvent } from "recsys-unlearning/core";
import type { DisplayData, ErrorContent, ExecuteRequest, Header } from "../protocol/message";
import { isObject } from "./inspection";
import { mimeBundle, sizeOf } from "./mime-bundle";
import { ProgressDisplay } from "./progress-display";
import { showing } from "./results";
import { StreamBuffer, type StreamName } from "./streams";

/** Sends one message to everybody who listens. */
export type Publish = (parent: Header, type: string, content: object) => void;

/** How many characters of stdout and stderr one cell may print. */
const streamLimit = 5_000_000;
/** How many displays one cell may make, and how many characters they and their updates may have. */
const displayLimits = { displays: 2000, characters: 100_000_000 };

/**
 * One cell that runs or ran: its place in history and its way to show things. Late output of a finished cell still
 * belongs to it.
 */
export class Cell {
  readonly interruption = new AbortController();
  /** Whether its end has been decided. */
  settled = false;
  /** Who wants to know of it. */
  readonly onSettled: (() => void)[] = [];
  private readonly streams: StreamBuffer;
  private readonly progress: ProgressDisplay;
  private readonly shown = { displays: 0, characters: 0, cut: 0 };
  /** Displays whose content is still awaited. */
  private readonly pending = new Set<Promise<void>>();

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

  /** @param data as it comes from a cell or a library: anything may stand in it */
  display({ data, metadata, transient }: DisplayData, update: boolean): void {
    this.streams.flush();
    const bundle = mimeBundle(isObject(data) ? data : {}, metadata);
    const id = transient?.display_id;
    const { shown } = this;
    if (!update) shown.displays++;
    shown.characters += sizeOf(bundle.data);
    if (shown.displays > displayLimits.displays || shown.characters > displayLimits.characters) return void shown.cut++;
    this.send(update ? "update_display_data" : "display_data", {
      ...bundle,
      transient: id === undefined ? {} : { display_id: String(id) },
    });
  }

  /** Shows a value as the end of a cell would. What is awaited takes its place among the outputs when it is there. */
  show(value: unknown): void {
    const bundle = showing(value);
    if (!(bundle instanceof Promise)) return this.display(bundle, false);
    const transient = { display_id: `awaited-${this.name}-${this.shown.displays}` };
    this.display({ data: {}, metadata: {}, transient }, false);
    const shown = bundle.then((content) => this.display({ ...content, transient }, true));
    this.pending.add(shown);
    // Who waits for it hears of its failure, too.
    void shown.finally(() => this.pending.delete(shown)).catch(() => undefined);
  }

  /** Resolves when what was to be shown is shown. @throws what a value's own way to show itself throws */
  async displayed(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
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
    const { cut } = this.shown;
    if (cut > 0)
      this.streams.note(`… ${cut.toLocaleString("en")} more displays or updates are not shown (limit for a cell)`);
    this.shown.cut = 0;
    this.streams.finish();
  }

  private send(type: string, content: object): void {
    if (!this.silent) this.publish(this.header, type, content);
  }
}
