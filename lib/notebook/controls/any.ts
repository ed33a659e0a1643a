import { InvalidArgumentError, visibleText } from "../../core";
import { html } from "../html";
import { isRecord } from "./buffers";
import { layoutModel, type LayoutOptions } from "./style";
import { type Still, Widget } from "./widget";

/** A front end of one's own. */
export interface AnyOptions<S extends Readonly<Record<string, unknown>>> {
  /** An ECMAScript module whose default export has `render({ model, el })`, as anywidget has it. */
  readonly esm: string;
  /** CSS for it. Default: none. */
  readonly css?: string;
  /** What both sides know and may change: anything that JSON can hold, and bytes. */
  readonly state: S;
  readonly layout?: LayoutOptions;
  /** What it is, for viewers without controls. Default: its state. */
  readonly label?: string;
}

/** How many characters a page may send for one field. */
const maxField = 10_000_000;
const ownFields = /^_|^(layout|tabbable|tooltip)$/;

/** A control with a front end of one's own, made by `anyControl`. */
export class AnyControl<S extends Readonly<Record<string, unknown>>> extends Widget {
  private readonly customListeners = new Set<(content: unknown, buffers: readonly Uint8Array[]) => void>();
  private readonly keys: readonly string[];

  /** @internal */
  constructor(private readonly options: AnyOptions<S>) {
    const { esm, css, state, layout } = options;
    const reserved = Object.keys(state).find((key) => ownFields.test(key));
    if (reserved !== undefined)
      throw new InvalidArgumentError(`"${reserved}" is a field of every control`, { remedy: "choose another name" });
    super(
      { module: "anywidget", version: "~0.11.*", model: "AnyModel", view: "AnyView" },
      {
        ...{ _anywidget_id: "recsys-unlearning.control", _dom_classes: [], _esm: esm },
        ...(css === undefined ? {} : { _css: css }),
        ...{ layout: layoutModel(layout), tabbable: null, tooltip: null },
        ...state,
      },
    );
    this.keys = Object.keys(state);
  }

  /** The state as it is now; a copy. */
  get state(): S {
    return Object.fromEntries(this.keys.map((key) => [key, this.get(key)])) as S;
  }

  /** Changes fields, here and in every page. @throws InvalidArgumentError for a field that `state` did not have */
  update(changes: Partial<S>): void {
    const unknown = Object.keys(changes).find((key) => !this.keys.includes(key));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`the state has no "${unknown}"`, { remedy: `it has ${this.keys.join(", ")}` });
    this.set(changes);
  }

  /** Calls a function with the state after each change, from whichever side. @returns ends that */
  onChange(listener: (state: S) => void): () => void {
    return this.listen(() => listener(this.state));
  }

  /**
   * Calls a function with what the page sends by `model.send`. It comes from outside: look before use.
   *
   * @returns ends that
   */
  onMessage(listener: (content: unknown, buffers: readonly Uint8Array[]) => void): () => void {
    this.customListeners.add(listener);
    return () => this.customListeners.delete(listener);
  }

  /** Sends something that the page hears by `model.on("msg:custom", …)`. */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.sendCustom(content, buffers);
  }

  still(): Still {
    const shown = visibleText(this.options.label ?? JSON.stringify(this.state, (_, value: unknown) =>
      ArrayBuffer.isView(value) ? `(${value.byteLength} bytes)` : value,
    )); // prettier-ignore
    return { html: html`<div>${shown}</div>`, text: shown };
  }

  protected override accept(key: string, value: unknown): unknown {
    if (!this.keys.includes(key) || value === undefined) return undefined;
    return ArrayBuffer.isView(value) || sizeOf(value) <= maxField ? value : undefined;
  }

  protected override takeCustom(content: unknown, buffers: readonly Uint8Array[]): void {
    for (const listener of [...this.customListeners]) listener(content, buffers);
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(one), 2);
  if (isRecord(value)) return Object.entries(value).reduce((sum, [key, one]) => sum + key.length + sizeOf(one), 2);
  return 8;
}

/**
 * A control with a front end of one's own, in a few lines of JavaScript. The page needs PyPI's `anywidget`, which
 * `npm run lab` brings.
 *
 * @throws InvalidArgumentError for a field that every control has
 * @example
 * const counter = anyControl({
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement("button");
 *     const show = () => (button.textContent = "count " + model.get("count"));
 *     button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
 *     model.on("change:count", show);
 *     show();
 *     el.append(button);
 *   } }`,
 *   state: { count: 0 },
 * });
 * counter.onChange(({ count }) => console.log(count));
 */
export function anyControl<S extends Readonly<Record<string, unknown>>>(options: AnyOptions<S>): AnyControl<S> {
  return new AnyControl(options);
}
