import type { NotebookChannel } from "./notebook-channel";

// On globalThis under a registered symbol, so that a reloaded copy of lib still finds it. Apart from what long work is
// handed: what computes knows no notebook.
const key = Symbol.for("recsys-unlearning.channel");
const holder = globalThis as typeof globalThis & { [key]?: NotebookChannel | undefined };

/**
 * The way to the pages that show the notebook; `undefined` outside this project's kernel.
 *
 * @example
 * notebookChannel()?.clear(false); // removes what the cell has shown so far; outside a notebook it does nothing
 */
export function notebookChannel(): NotebookChannel | undefined {
  return holder[key];
}

/**
 * Sets (or clears) the way to the pages. For the kernel, and for tests.
 *
 * @example
 * const before = notebookChannel();
 * setNotebookChannel(undefined); // as in a program outside the kernel
 * setNotebookChannel(before);
 */
export function setNotebookChannel(channel: NotebookChannel | undefined): void {
  holder[key] = channel;
}
