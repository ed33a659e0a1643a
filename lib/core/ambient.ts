import type { ProgressSink } from "./progress-event";

/**
 * What the surroundings (the kernel, a command line) hand to long work: the signal that interrupts it and the sink its
 * progress goes to. It lives on `globalThis` under a registered symbol, so that a reloaded copy of lib still finds it.
 */
export interface Ambient {
  signal: AbortSignal | undefined;
  progress: ProgressSink | undefined;
}

const key = Symbol.for("recsys-unlearning.ambient");
const holder = globalThis as typeof globalThis & { [key]?: Ambient };

export function ambient(): Ambient {
  return (holder[key] ??= { signal: undefined, progress: undefined });
}
