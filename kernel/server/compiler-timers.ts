import type ts from "@tslab/typescript-for-tslab";

type TimerSystem = Required<Pick<ts.System, "setTimeout" | "clearTimeout">>;
type Callback = (...args: unknown[]) => void;

/** TypeScript's name of the one timer callback that tslab knows of and calls by itself. */
const rebuild = "updateProgramWithWatchStatus";

/**
 * tslab replaces the compiler's timers by a single slot for the rebuild, and throws when that is taken. But the
 * compiler also sets a timer when files come or go where it looked for modules (an `npm install`, a test runner's
 * cache), and an interrupt can end a rebuild half-way: after either, every later cell fails with "Unexpected pending
 * rebuildTimer". Here other timers are real ones, and a rebuild that is ordered anew takes the place of the one before.
 *
 * @param system what tslab hands to the compiler; changed in place
 */
export function repairTimers(system: ts.System): void {
  const { setTimeout: setRebuild, clearTimeout: clearRebuild } = system as TimerSystem;
  let pending: unknown;

  const forget = (): void => {
    try {
      clearRebuild(pending);
    } catch {
      // It has run.
    }
    pending = undefined;
  };
  const replacement: TimerSystem = {
    setTimeout: (callback: Callback, ms: number, ...args: unknown[]): unknown => {
      if (callback.name !== rebuild) return setTimeout(callback, ms, ...args).unref();
      forget();
      return (pending = setRebuild(callback, ms, ...args) as unknown);
    },
    clearTimeout: (timer: unknown): void => {
      if (timer === pending) forget();
      else clearTimeout(timer as NodeJS.Timeout);
    },
  };
  Object.assign(system, replacement);
}
