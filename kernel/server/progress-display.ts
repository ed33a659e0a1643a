import type { ProgressEvent } from "recsys-unlearning/core";
import type { DisplayData } from "../protocol/message";
import { progressMimeType } from "../protocol/progress";

/** Work that is done sooner shows nothing. */
const showAfterMs = 300;
const updateEveryMs = 200;

/**
 * Shows a cell's progress in one display that updates in place. When all work is done the display becomes empty, so
 * that a saved notebook depends neither on the clock nor on what was cached: whoever saves may drop it (our runner
 * does).
 */
export class ProgressDisplay {
  private readonly open = new Map<number, ProgressEvent>();
  private shown = false;
  private lastUpdate = -Infinity;

  /**
   * @param id the display's id, the same in every run
   * @param send shows or updates the display
   */
  constructor(
    private readonly id: string,
    private readonly send: (data: DisplayData, update: boolean) => void,
  ) {}

  take(event: ProgressEvent): void {
    if (event.finished) this.open.delete(event.id);
    else this.open.set(event.id, event);
    if (!this.shown && event.elapsedMs < showAfterMs) return;
    if (this.open.size === 0) this.finish();
    else if (performance.now() - this.lastUpdate >= updateEveryMs) this.update([...this.open.values()]);
  }

  /** Empties the display. A task that its author never finished must not stay. */
  finish(): void {
    if (this.shown) this.update([]);
    this.open.clear();
  }

  private update(events: readonly ProgressEvent[]): void {
    this.lastUpdate = performance.now();
    const data =
      events.length === 0
        ? {}
        : {
            [progressMimeType]: events,
            "text/html": events.map(asHtml).join(""),
            "text/plain": events.map(asText).join("\n"),
          };
    this.send({ data, metadata: {}, transient: { display_id: this.id } }, this.shown);
    this.shown = true;
  }
}

function asText({ label, done, total, unit, detail, remainingMs }: ProgressEvent): string {
  const amount = total === null ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
  const left = remainingMs === null ? "" : `, about ${Math.ceil(remainingMs / 1000)} s left`;
  return `${label}: ${amount}${left}${detail === "" ? "" : ` (${detail})`}`;
}

function asHtml(event: ProgressEvent): string {
  const value = event.total === null ? "" : ` value="${event.done}" max="${event.total}"`;
  return `<div><progress${value}></progress> ${escapeHtml(asText(event))}</div>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
