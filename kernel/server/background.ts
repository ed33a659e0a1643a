import type { BackgroundWork } from "recsys-unlearning/core";
import { Outputs } from "./outputs";
import type { ParentHeader } from "../protocol/message";

/** Says what code that no cell waits for has thrown. */
export type ReportError = (error: unknown, outputs: Outputs | undefined) => void;

/** Work that controls ask for, done when no cell runs. */
export class BackgroundTask {
  readonly interruption = new AbortController();
  readonly outputs: Outputs;
  /** Who wants to know of its end. */
  readonly onEnd: (() => void)[] = [];

  /** @param report takes what the work throws */
  constructor(
    header: ParentHeader,
    private readonly work: BackgroundWork,
    private readonly report: ReportError,
  ) {
    const take = (type: string, content: object) => work.output(type, content as Record<string, unknown>);
    this.outputs = new Outputs(header, "work", take);
  }

  /** Does it. @param ended called at its end, if it comes to one */
  start(ended: () => void): void {
    const failed = (error: unknown) => this.report(error, this.outputs);
    Promise.resolve()
      .then(() => this.work.run())
      .catch(failed)
      .then(ended, ended);
  }

  /** Tells everybody that it has ended. */
  end(): void {
    this.outputs.finish();
    for (const told of [...this.onEnd, () => this.work.ended()]) {
      try {
        told();
      } catch (error) {
        this.report(error, this.outputs);
      }
    }
  }
}
