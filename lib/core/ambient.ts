import type { NotebookChannel } from "./notebook-channel";
import type { ProgressSink } from "./progress-event";

/**
 * What the surroundings (the kernel, a command line) hand over: to long work the signal that interrupts it and the
 * sink its progress goes to, to controls the way to the pages. It lives on `globalThis` under a registered symbol, so that a reloaded copy of lib still finds it.
 */
export interface Ambient {
  signal: AbortSignal | undefined;
  progress: ProgressSink | undefined;
  channel: NotebookChannel | undefined;
}

const key = Symbol.for("recsys-unlearning.ambient");
const holder = globalThis as typeof globalThis & { [key]?: Ambient };

export function ambient(): Ambient {
  return (holder[key] ??= { signal: undefined, progress: undefined, channel: undefined });
}
