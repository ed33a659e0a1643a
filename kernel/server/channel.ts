import { stripVTControlCharacters } from "node:util";
import type { NotebookChannel } from "recsys-unlearning/core";
import { BackgroundTask, type ReportError } from "./background";
import type { CellQueue } from "./cell-queue";
import type { Comms } from "./comms";
import { mimeBundle } from "./mime-bundle";
import { Outputs } from "./outputs";

/** What lib's controls may ask of the kernel: functions alone, so that cells reach nothing else through it. */
export function channelOf(
  comms: Comms,
  queue: CellQueue,
  describe: (error: unknown) => string,
  report: ReportError,
): NotebookChannel {
  return Object.freeze<NotebookChannel>({
    openComm: (opening, handlers) => comms.openComm(opening, handlers),
    registerTarget: (name, target) => comms.registerTarget(name, target),
    run: (work) => queue.addTask(new BackgroundTask(queue.header, work, report)),
    capture: (take) =>
      queue.capture(
        new Outputs(queue.header, "captured", (type, content) => take(type, content as Record<string, unknown>)),
      ),
    page: ({ data }) => void queue.asker?.cell.pages.push(mimeBundle(data, {}).data),
    clear: (wait) => queue.outputs?.clear(wait),
    // Terminals' colours are nothing for a page.
    describe: (error) => stripVTControlCharacters(describe(error)),
    place: () => {
      const { cell } = queue;
      if (cell === undefined) return undefined;
      const { session } = cell.header;
      return { session, display: (id, bundle, update) => cell.displayLasting(id, bundle, update) };
    },
  });
}
