import { ambient } from "./ambient";
import type { NotebookChannel } from "./notebook-channel";

/** The way to the pages that show the notebook; `undefined` outside this project's kernel. */
export function notebookChannel(): NotebookChannel | undefined {
  return ambient().channel;
}

/** Sets (or clears) the way to the pages. For the kernel, and for tests. */
export function setNotebookChannel(channel: NotebookChannel | undefined): void {
  ambient().channel = channel;
}
