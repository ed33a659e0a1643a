import { inspect } from "node:util";
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { type ProgressEvent, RecsysError, setCurrentSignal, setProgressSink, visibleLines, visibleText } from "../core";

/** Exit status of a command that was interrupted, as shells have it. */
const interruptedStatus = 130;

/** How a command line prints its own errors, which repeat what was typed. */
export const safeOutput = { outputError: (text: string, write: (text: string) => void) => write(visibleLines(text)) };

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function summary(event: ProgressEvent): string {
  const amount = event.total === null ? `${event.done}` : `${event.done}/${event.total}`;
  const left = event.remainingMs === null || event.finished ? "" : `, about ${seconds(event.remainingMs)} left`;
  const detail = event.detail === "" ? "" : `, ${event.detail}`;
  return visibleText(`${event.label}: ${amount} ${event.unit}${detail} (${seconds(event.elapsedMs)}${left})`);
}

/** Bars on a terminal: one line for each piece of work that is under way. */
function barSink(bars: MultiBar): (event: ProgressEvent) => void {
  const shown = new Map<number, SingleBar>();
  return (event) => {
    const bar = shown.get(event.id) ?? bars.create(event.total ?? 0, 0);
    shown.set(event.id, bar);
    bar.setTotal(event.total ?? Math.max(1, event.done));
    bar.update(event.done, { text: summary(event) });
    if (!event.finished) return;
    bars.remove(bar);
    shown.delete(event.id);
  };
}

/** Plain lines where there is no terminal: the end of every piece of work, and now and then how far it is. */
function lineSink(): (event: ProgressEvent) => void {
  const everyMs = 5000;
  const lastLine = new Map<number, number>();
  return (event) => {
    const last = lastLine.get(event.id) ?? 0;
    if (!event.finished && event.elapsedMs - last < everyMs) return;
    if (event.finished && event.elapsedMs < 500) return;
    lastLine.set(event.id, event.elapsedMs);
    console.error(summary(event));
  };
}

/**
 * Runs a command: shows progress on stderr (bars on a terminal, lines otherwise, nothing when quiet), turns Ctrl-C into
 * the current signal, and prints errors that were thrown on purpose without a stack. Sets the exit status.
 */
export async function runCommand(main: () => Promise<void>, options: { quiet?: boolean } = {}): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(interruptedStatus);
    interruption.abort();
    console.error("interrupting; press Ctrl-C again to stop at once");
  };
  process.on("SIGINT", interrupt);
  setCurrentSignal(interruption.signal);
  const bars =
    options.quiet !== true && process.stderr.isTTY
      ? new MultiBar({ format: " {bar} {text}", hideCursor: true, clearOnComplete: true, barsize: 24 }, Presets.rect)
      : undefined;
  if (options.quiet !== true) setProgressSink(bars === undefined ? lineSink() : barSink(bars));
  try {
    await main();
  } catch (error) {
    bars?.stop();
    console.error(visibleLines(error instanceof RecsysError ? `${error.name}: ${error.message}` : inspect(error)));
    process.exitCode = interruption.signal.aborted ? interruptedStatus : 1;
  } finally {
    bars?.stop();
    setProgressSink(undefined);
    process.off("SIGINT", interrupt);
  }
}
