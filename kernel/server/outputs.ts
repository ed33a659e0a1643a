import type { MimeBundle, ProgressEvent } from "recsys-unlearning/core";
import type { Content, DisplayData, ErrorContent, ParentHeader } from "../protocol/message";
import { isObject } from "./inspection";
import { mimeBundle, sizeOf } from "./mime-bundle";
import { ProgressDisplay } from "./progress-display";
import { showing } from "./results";
import { StreamBuffer, type StreamName } from "./streams";

/** What may go with a message beside its content. */
export interface Extras {
  readonly metadata?: Content;
  readonly buffers?: readonly Uint8Array[];
}

/** Sends one message to everybody who listens. */
export type Publish = (parent: ParentHeader, type: string, content: object, extras?: Extras) => void;

/** How many characters of stdout and stderr one cell may print. */
const streamLimit = 5_000_000;
/** How many displays one cell may make, and how many characters they and their updates may have. */
const displayLimits = { displays: 2000, characters: 100_000_000 };

/**
 * Where output goes: that of a cell, of a message of a comm, or of work between cells. What comes late still belongs to
 * it.
 */
export class Outputs {
  private readonly streams: StreamBuffer;
  private readonly progress: ProgressDisplay;
  private readonly shown = { displays: 0, characters: 0, cut: 0 };
  /** Displays whose content is still awaited. */
  private readonly pending = new Set<Promise<void>>();

  /**
   * @param header of the request that it belongs to
   * @param name for ids; the cell's script name, `cell[n]`
   * @param send takes one message
   */
  constructor(
    readonly header: ParentHeader,
    readonly name: string,
    protected readonly send: (type: string, content: object) => void,
  ) {
    this.streams = new StreamBuffer((stream, text) => this.send("stream", { name: stream, text }), streamLimit);
    this.progress = new ProgressDisplay(`progress-${name}`, (data, update) => this.display(data, update));
  }

  write(name: StreamName, text: string): void {
    this.streams.write(name, text);
  }

  /** @param data as it comes from a cell or a library: anything may stand in it */
  display({ data, metadata, transient }: DisplayData, update: boolean): void {
    const bundle = mimeBundle(isObject(data) ? data : {}, metadata);
    const { shown } = this;
    if (!update) shown.displays++;
    shown.characters += sizeOf(bundle.data);
    if (shown.displays > displayLimits.displays || shown.characters > displayLimits.characters) return void shown.cut++;
    this.sendDisplay(bundle, transient?.display_id, update);
  }

  /** Shows what a control keeps up to date, for as long as the notebook lives: no limit ends that. */
  displayLasting(id: string, { data, metadata }: MimeBundle, update: boolean): void {
    this.sendDisplay(mimeBundle(isObject(data) ? data : {}, metadata), id, update);
  }

  /** Shows a value as the end of a cell would. What is awaited takes its place among the outputs when it is there. */
  show(value: unknown): void {
    const bundle = showing(value);
    if (!(bundle instanceof Promise)) return isEmpty(bundle) ? undefined : this.display(bundle, false);
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

  /** Removes what was shown so far. @param wait until the next output is there */
  clear(wait: boolean): void {
    this.flush();
    this.send("clear_output", { wait });
  }

  showProgress(event: ProgressEvent): void {
    this.progress.take(event);
  }

  showError(error: ErrorContent): void {
    this.flush();
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

  /** Sends what was printed so far. */
  flush(): void {
    this.streams.flush();
  }

  private sendDisplay(bundle: MimeBundle, id: unknown, update: boolean): void {
    this.flush();
    const transient = id === undefined ? {} : { display_id: String(id) };
    this.send(update ? "update_display_data" : "display_data", { ...bundle, transient });
  }
}

/** Whether a value has shown itself by other means, and there is nothing more to show. */
export function isEmpty({ data }: MimeBundle): boolean {
  return Object.keys(data).length === 0;
}
