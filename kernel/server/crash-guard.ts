/** What would otherwise end the process, with every variable of the notebook. */
const fatalEvents = new Set<string | symbol>(["uncaughtException", "unhandledRejection"]);
const monitor = "uncaughtExceptionMonitor";

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;

/**
 * Takes every error that nobody caught, before and instead of what Node does. Libraries that listen as well (some throw
 * again, some call `process.exit`) are still told, but what they make of it ends nothing. Removing all listeners, or
 * putting another `process.emit` in the place of Node's, as some libraries do, changes nothing for these events either.
 *
 * @param take gets the thrown value, or what a promise was rejected with; must not throw
 */
export function guardAgainstCrashes(take: (error: unknown) => void): void {
  const emit = process.emit.bind(process) as Emit;
  const listeners = process.rawListeners.bind(process) as (event: string | symbol) => ((...args: unknown[]) => void)[];
  let theirs: Emit | undefined;
  let isInTheirs = false;

  const guarded: Emit = (event, ...args) => {
    if (event !== monitor && !fatalEvents.has(event)) return passOn(event, args);
    if (event !== monitor) take(args[0]);
    for (const listener of listeners(event)) {
      try {
        listener.apply(process, args);
      } catch {
        // It throws again what has been taken, or wants to end the process.
      }
    }
    return true;
  };
  /** To a library's replacement, which will in turn call what it replaced: this guard. */
  const passOn = (event: string | symbol, args: unknown[]): boolean => {
    if (theirs === undefined || isInTheirs) return emit(event, ...args);
    isInTheirs = true;
    try {
      return theirs.call(process, event, ...args);
    } finally {
      isInTheirs = false;
    }
  };
  Object.defineProperty(process, "emit", {
    enumerable: true,
    get: () => guarded,
    set: (other: Emit) => (theirs = other),
  });
}
