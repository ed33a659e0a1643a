import {
  announce,
  CancelledError,
  currentSignal,
  InvalidArgumentError,
  jupyterDisplay,
  type MimeData,
  notebookChannel,
} from "../../core";
import { bundleOf } from "../display";
import { type Box, vbox } from "./boxes";
import { Control } from "./control";
import { errorBundle } from "./error-bundle";
import { Gathered } from "./gathered";
import { beside, LiveDisplay } from "./live-display";

/** Controls by the names under which the computation gets their values. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- controls of all types stand side by side
export type Controls = Readonly<Record<string, Control<any>>>;

/** The values of controls. */
export type ValuesOf<C extends Controls> = { readonly [K in keyof C]: C[K] extends Control<infer T> ? T : never };

/**
 * Controls with what is computed from their values. As the last line of a cell it shows both. What the function returns
 * (a table, a chart, any value) is replaced in place whenever a value changes:
 *
 * - A newer value cancels the computation for an older one through the current signal, which lib's long work heeds. One
 *   that ends all the same is shown until the newer one is there.
 * - Values that come while it computes are taken together: the last one counts.
 * - While a cell runs, it waits; a cell that is started meanwhile waits for it.
 * - An error, or an interrupt, is shown in the place of the result. The next value computes again.
 * - What the function prints is shown above the result, that of the last computation alone.
 *
 * Without controls (other viewers, code hosts, our runner) what is computed from the first values stands there.
 *
 * @param controls at least one; those without a label get their name
 * @param compute what is to be shown; `undefined` shows nothing
 * @throws InvalidArgumentError for no controls, or something else among them
 * @example
 * interact({ user: dropdown([1, 5, 77]), pruning: slider(0, 0.95) }, async ({ user, pruning }) => {
 *   const request = { name: `user ${user}`, train, forgetRows: userRows(train, user) };
 *   const { cost } = await ifru.unlearn(model, request, { pruningRatio: pruning }, prepared);
 *   return table({ rows: [{ user, pruning, touched: cost.rowsTouched }] });
 * });
 */
export function interact<const C extends Controls>(
  controls: C,
  compute: (values: ValuesOf<C>) => unknown,
): Interaction<C> {
  return new Interaction(controls, compute);
}

/** What `interact` makes. */
export class Interaction<C extends Controls> {
  private readonly display = new LiveDisplay();
  private readonly box: Box;
  private readonly first: string;
  private readonly stopListening: (() => void)[];
  private isShown = false;
  /** Cancels the computation that runs or waits, if one does. */
  private cancel: (() => void) | undefined;
  private isComputing = false;
  /** Whether a value has changed since the computation began. */
  private isStale = false;
  /** How many computations have begun and ended: one that was given up has lost its turn. */
  private turn = 0;
  /** The values that the last computation began with, where the notebook has others. */
  private head: string | undefined;

  /** @internal */
  constructor(
    readonly controls: C,
    private readonly compute: (values: ValuesOf<C>) => unknown,
  ) {
    const all = Object.entries(controls);
    if (all.length === 0)
      throw new InvalidArgumentError("interact needs at least one control", { remedy: "such as slider(0, 1)" });
    for (const [name, control] of all) {
      if (!(control instanceof Control))
        throw new InvalidArgumentError(`"${name}" is no control with a value`, { remedy: "such as slider(0, 1)" });
      if (control.label === "") control.label = name;
    }
    const widest = Math.max(...all.map(([, { label }]) => label.length));
    for (const [, control] of all) control.widenLabel(widest + 1);
    this.box = vbox([...Object.values(controls), this.display.pages]);
    this.first = this.valuesText;
    this.stopListening = all.map(([, control]) => control.onChange(() => this.changed()));
  }

  /** The values as they are now. */
  get values(): ValuesOf<C> {
    return Object.fromEntries(Object.entries(this.controls).map(([name, { value }]) => [name, value])) as ValuesOf<C>;
  }

  /** Stops following the controls, and removes them from every page. What was shown last stays. */
  close(): void {
    for (const stop of this.stopListening) stop();
    this.cancel?.();
    this.isShown = false;
    this.display.end();
    this.box.close();
    for (const control of Object.values(this.controls)) control.close();
  }

  /** Shows controls and result in the running cell; shown again, it moves there. */
  async [jupyterDisplay](): Promise<MimeData> {
    if (notebookChannel() === undefined) return this.still();
    const place = notebookChannel()?.place();
    const data = this.box[jupyterDisplay]();
    place?.display(`${this.box.open()}-controls`, { data, metadata: {} }, false);
    this.display.begin();
    this.isShown = true;
    // The first time it is a part of the cell, and fails it.
    const printed = new Gathered((gathered) => this.display.showNotes(undefined, gathered));
    const endCapture = notebookChannel()?.capture((type, content) => printed.take(type, content));
    try {
      this.display.show(await this.compute(this.values), false);
    } finally {
      endCapture?.();
      printed.tell();
    }
    return {};
  }

  private async still(): Promise<MimeData> {
    announce("interact works in this project's kernel only: what is shown is computed from the first values");
    return beside(this.box.still(), bundleOf(await this.compute(this.values))).data;
  }

  private get valuesText(): string {
    return Object.values(this.controls)
      .map((control) => `${control.label}: ${control.valueText}`)
      .join(" · "); // prettier-ignore
  }

  private changed(): void {
    if (!this.isShown) return;
    this.isStale = true;
    if (this.cancel === undefined) this.start();
    // One that only waits will see the new values.
    else if (this.isComputing) this.cancel();
  }

  private start(): void {
    this.isStale = false;
    const printed = new Gathered((gathered) => this.display.showNotes(this.head, gathered));
    this.cancel = notebookChannel()?.run({
      run: () => this.computeAndShow(),
      output: (type, content) => printed.take(type, content),
      ended: () => this.ended(printed),
    });
  }

  /** Which values the result is for, where they are no longer those that stand in the notebook. */
  private get headNow(): string | undefined {
    const now = this.valuesText;
    return now === this.first ? undefined : now;
  }

  private async computeAndShow(): Promise<void> {
    const turn = ++this.turn;
    this.isComputing = true;
    this.isStale = false;
    this.head = this.headNow;
    const signal = currentSignal();
    try {
      const result = await this.compute(this.values);
      if (turn === this.turn) this.display.show(result, true);
    } catch (error) {
      const isCancelled = signal?.aborted === true;
      // What a newer value has cancelled is nothing to show.
      if (turn !== this.turn || (isCancelled && this.isStale)) return;
      this.display.showBundle(errorBundle(isCancelled ? new CancelledError("the computation") : error));
    }
    if (turn === this.turn) this.isComputing = false;
  }

  /** @param printed of the computation that has ended, or was given up because it did not heed an interrupt */
  private ended(printed: Gathered): void {
    printed.end();
    const isCut = this.isComputing;
    this.turn++;
    this.isComputing = false;
    this.cancel = undefined;
    if (!this.isShown) return;
    if (isCut && !this.isStale) this.display.showBundle(errorBundle(new CancelledError("the computation")));
    // What a cancelled computation printed is for values that nobody asks for any more.
    if (!isCut || !this.isStale) this.display.showNotes(this.head, printed);
    if (this.isStale) this.start();
  }
}
