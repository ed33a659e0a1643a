import { Session } from "node:inspector";

/** V8's profile of one thread, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node in which the thread was, one for each sample. */
  readonly samples?: readonly number[];
  /** Microseconds from the sample before to each sample. */
  readonly timeDeltas?: readonly number[];
}

/** A function as called from one place. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** Long enough that a training is not slowed by it; short enough that a second has a thousand samples. */
const intervalMicroseconds = 1000;

/**
 * Samples where the thread that calls it is, from now on.
 *
 * @returns ends it, at once, and gives what was found
 * @example
 * const stop = startSampling();
 * // what is sampled
 * const { stages, waiting } = stageTimes([stop()]);
 */
export function startSampling(): () => CpuProfile {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: intervalMicroseconds });
  session.post("Profiler.start");
  return () => {
    let profile: CpuProfile = { nodes: [] };
    session.post("Profiler.stop", (_, found) => (profile = found?.profile ?? profile)); // answered before it returns
    session.disconnect();
    return profile;
  };
}
