import type { MimeBundle } from "./display";

/** What one message of a comm carries. */
export interface CommMessage {
  /** Anything that JSON can hold. What comes from a front end is to be looked at before it is used. */
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Bytes that go beside the JSON. */
  readonly buffers: readonly Uint8Array[];
  /** Which page, or program, sent it. */
  readonly session: string;
}

/** What is done with the messages of a comm. They are called one at a time, never while synchronous code runs. */
export interface CommHandlers {
  readonly message?: (message: CommMessage) => void;
  /** The other side has closed it. */
  readonly closed?: () => void;
}

/** One conversation between code in the kernel and its other half in a page: Jupyter's comm. */
export interface Comm {
  readonly id: string;
  /** Sends to every page that shows the notebook. @throws InvalidArgumentError for what is closed or too large */
  send(data: unknown, buffers?: readonly Uint8Array[]): void;
  close(): void;
}

/** What opens a comm from the kernel's side. */
export interface CommOpening {
  /** Who is to take it in the page, such as `"jupyter.widget"`. */
  readonly target: string;
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
}

/** Takes a comm that a page opens. */
export type CommTarget = (comm: Comm, opened: CommMessage) => CommHandlers;

/** One message of output, as Jupyter has them: `stream`, `display_data`, `update_display_data`, `error` and so on. */
export type OutputTaker = (type: string, content: Readonly<Record<string, unknown>>) => void;

/** Work that is done between cells. */
export interface BackgroundWork {
  /** Finds its signal as the current one. */
  readonly run: () => Promise<void>;
  /** Gets what it prints and shows. */
  readonly output: OutputTaker;
  /** Called once: when it has ended, or was interrupted by the person and did not heed its signal. */
  readonly ended: () => void;
}

/** A place among the outputs of the cell that runs. */
export interface OutputPlace {
  /** The page, or program, that ran the cell. */
  readonly session: string;
  /** Shows something, or replaces what was shown under the same id, also when the cell has ended. */
  display(id: string, bundle: MimeBundle, update: boolean): void;
}

/**
 * What a notebook's kernel does for controls: it speaks with the pages that show the notebook. Set by this project's
 * kernel, and by nothing else.
 */
export interface NotebookChannel {
  /** @throws InvalidArgumentError when too many are open, or what is sent is too large */
  openComm(opening: CommOpening, handlers: CommHandlers): Comm;
  /** Takes the comms that pages open for a target; the last one that asked for a target has it. */
  registerTarget(name: string, target: CommTarget): void;
  /** Does work when no cell runs, one piece after another. @returns cancels it, by its signal where it has begun */
  run(work: BackgroundWork): () => void;
  /** Takes what is printed and shown from now on, instead of the cell. @returns ends that */
  capture(take: OutputTaker): () => void;
  /** Shows something in the client's pager when the running cell has ended. */
  page(bundle: MimeBundle): void;
  /** Removes the cell's output so far. @param wait until the next output is there */
  clear(wait: boolean): void;
  /** What a cell would show of a thrown value, as text. */
  describe(error: unknown): string;
  /** Where the running cell shows things. */
  place(): OutputPlace | undefined;
}
