import { type MimeBundle, notebookChannel, type OutputTaker } from "../../core";
import { bundleOf } from "../display";
import { html } from "../html";
import { layoutModel, type LayoutOptions } from "./style";
import { Gathered } from "./gathered";
import { type Still, Widget } from "./widget";

/** A place for what is printed and shown, made by `output`. */
export class Output extends Widget {
  private gathered = this.fresh();

  /** @internal */
  constructor(layout: LayoutOptions | undefined) {
    super(
      { module: "@jupyter-widgets/output", version: "1.0.0", model: "OutputModel", view: "OutputView" },
      {
        ...{ _dom_classes: [], layout: layoutModel(layout), msg_id: "", outputs: [] },
        ...{ tabbable: null, tooltip: null },
      },
    );
  }

  /** Shows a value below what is in it. */
  show(value: unknown): void {
    const { data, metadata } = bundleOf(value);
    this.gathered.take("display_data", { data, metadata, transient: {} });
  }

  /** Shows a value instead of what is in it. */
  replace(value: unknown): void {
    this.gathered.end();
    this.gathered = this.fresh();
    this.show(value);
  }

  clear(): void {
    this.gathered.end();
    this.gathered = this.fresh();
    this.set({ outputs: [] });
  }

  /**
   * Takes what a function prints and shows, until it has ended. Outside this project's kernel it is printed as ever.
   *
   * @returns what the function returns
   * @example
   * const log = output();
   * await log.capture(async () => console.log("training …"));
   */
  async capture<T>(work: () => T | Promise<T>): Promise<T> {
    const end = notebookChannel()?.capture(this.taker);
    try {
      return await work();
    } finally {
      end?.();
    }
  }

  /** Shows these instead of what is in it. @internal */
  setOutputs(bundles: readonly MimeBundle[]): void {
    this.set({ outputs: bundles.map((bundle) => ({ output_type: "display_data", ...bundle })) });
  }

  /** Takes messages of output. @internal */
  get taker(): OutputTaker {
    return (type, content) => this.gathered.take(type, content);
  }

  still(): Still {
    const { markup, text } = this.gathered.asHtml();
    return { html: html`<div>${markup}</div>`, text };
  }

  private fresh(): Gathered {
    return new Gathered((gathered) => this.set({ outputs: gathered.outputs }));
  }
}

/**
 * A place for what is printed and shown, among other controls.
 *
 * @example
 * const log = output();
 * log.capture(() => console.log("shown in its place"));
 */
export function output(options: { readonly layout?: LayoutOptions } = {}): Output {
  return new Output(options.layout);
}
