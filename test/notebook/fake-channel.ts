import {
  type CommHandlers,
  type CommMessage,
  type CommOpening,
  type CommTarget,
  type MimeBundle,
  type NotebookChannel,
  setNotebookChannel,
} from "recsys-unlearning/core";

interface Opened extends CommOpening {
  readonly handlers: CommHandlers;
  readonly sent: { readonly data: unknown; readonly buffers: readonly Uint8Array[] }[];
  isOpen: boolean;
}

/** A kernel as controls see it, without one: work is done at once, and nothing is shown. */
export class FakeChannel implements NotebookChannel {
  readonly comms = new Map<string, Opened>();
  readonly targets = new Map<string, CommTarget>();
  readonly displays = new Map<string, MimeBundle>();

  constructor() {
    setNotebookChannel(this);
  }

  openComm(opening: CommOpening, handlers: CommHandlers) {
    const id = `comm-${this.comms.size}`;
    const opened: Opened = { ...opening, handlers, sent: [], isOpen: true };
    this.comms.set(id, opened);
    return {
      id,
      send: (data: unknown, buffers: readonly Uint8Array[] = []) => void opened.sent.push({ data, buffers }),
      close: () => void (opened.isOpen = false),
    };
  }

  registerTarget(name: string, target: CommTarget): void {
    this.targets.set(name, target);
  }

  run(work: { run: () => Promise<void>; ended: () => void }): () => void {
    void work.run().then(work.ended);
    return () => undefined;
  }

  capture(): () => void {
    return () => undefined;
  }

  readonly pages: MimeBundle[] = [];
  page(bundle: MimeBundle): void {
    this.pages.push(bundle);
  }

  readonly cleared: boolean[] = [];
  clear(wait: boolean): void {
    this.cleared.push(wait);
  }

  describe(error: unknown): string {
    return String(error);
  }

  place() {
    return { session: "page", display: (id: string, bundle: MimeBundle) => void this.displays.set(id, bundle) };
  }

  /** The state with which a control was opened. */
  stateOf(id: string): Record<string, unknown> {
    return (this.comms.get(id)?.data as { state: Record<string, unknown> }).state;
  }

  /** A message of a page. */
  receive(id: string, data: unknown, buffers: readonly Uint8Array[] = []): void {
    const message: CommMessage = { data, buffers, metadata: {}, session: "page" };
    this.comms.get(id)?.handlers.message?.(message);
  }
}
