import { InvalidOptionError, didYouMean, visibleText } from "../../core";
import { html } from "../html";
import { layoutModel, type LayoutOptions, styleModel, type StyleName } from "./style";
import { controlKind, type Still, Widget } from "./widget";

/** What every control can be told. */
export interface ControlOptions {
  /** What stands beside it. Default: none; `interact` takes the control's name. */
  readonly label?: string;
  /** What is shown when the mouse rests on it. Default: none. */
  readonly tooltip?: string;
  /** Whether it can be seen and not changed. Default: false. */
  readonly disabled?: boolean;
  /** How it lies among others, such as `{ width: "50%" }`. Default: as the page has it. */
  readonly layout?: LayoutOptions;
  /** How it looks, by the names of its style model, such as `{ handle_color: "teal" }`. Default: as the page has it. */
  readonly style?: Readonly<Record<string, string>>;
}

const commonOptions = ["label", "tooltip", "disabled", "layout", "style"];

/** @throws InvalidOptionError for an option that the control does not have, with the nearest that it has */
export function requireKnown(where: string, given: object, own: readonly string[] = []): void {
  const known = [...own, ...commonOptions];
  for (const key of Object.keys(given))
    if (!known.includes(key))
      throw new InvalidOptionError(`unknown option "${key}"`, { where, remedy: didYouMean(key, known) });
}

/** What each kind of control is made of. */
export interface ControlParts<T> {
  /** The name of its model, without `Model`. */
  readonly model: string;
  readonly view?: string;
  readonly style: StyleName;
  /** Its state beside what all controls have. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly options: ControlOptions;
  /** The field of the state that holds the value. Default: `"value"`. */
  readonly key?: string;
  /** The value that a field stands for. */
  readonly read: (field: unknown) => T;
  /** The field for a value. @throws InvalidOptionError for a value that the control cannot have */
  readonly write: (value: T) => unknown;
  /** What a page sent, if it is one of the field's values, or nearly; else `undefined`. */
  readonly check: (field: unknown) => unknown;
  /** The value where there are no controls. */
  readonly text: (value: T) => string;
  /** Whether the model knows `disabled`. Default: true. */
  readonly canBeDisabled?: boolean;
}

/**
 * A control with a value that a person and the program may change.
 *
 * @example
 * const pruning = slider(0, 0.95, { label: "pruning" });
 * pruning.onChange((value) => console.log(value));
 */
export class Control<T> extends Widget {
  private readonly parts: ControlParts<T>;
  private readonly key: string;

  /** @internal made by `slider`, `dropdown` and the like */
  constructor(parts: ControlParts<T>) {
    const { label = "", tooltip = null, disabled = false, layout, style } = parts.options;
    super(controlKind(parts.model, parts.view), {
      ...{ _dom_classes: [], description: label, description_allow_html: false },
      ...(parts.canBeDisabled === false ? {} : { disabled }),
      ...{ layout: layoutModel(layout), style: styleModel(parts.style, style), tabbable: null, tooltip },
      ...parts.state,
    });
    this.parts = parts;
    this.key = parts.key ?? "value";
  }

  /** Setting it changes the control in every page. @throws InvalidOptionError for a value that it cannot have */
  get value(): T {
    return this.parts.read(this.get(this.key));
  }

  set value(value: T) {
    this.set({ [this.key]: this.parts.write(value) });
  }

  /** What stands beside it. */
  get label(): string {
    return String(this.get("description"));
  }

  set label(label: string) {
    this.set({ description: label });
  }

  get disabled(): boolean {
    return this.get("disabled") === true;
  }

  set disabled(disabled: boolean) {
    if (this.parts.canBeDisabled !== false) this.set({ disabled });
  }

  /** The value as text. */
  get valueText(): string {
    return visibleText(this.parts.text(this.value));
  }

  /**
   * Calls a function with each new value, from whichever side it comes.
   *
   * @returns ends that
   */
  onChange(listener: (value: T) => void): () => void {
    let last = this.get(this.key);
    return this.listen(() => {
      const now = this.get(this.key);
      if (Object.is(now, last)) return;
      last = now;
      listener(this.value);
    });
  }

  still(): Still {
    const { label, valueText } = this;
    const colon = label === "" ? "" : ": ";
    return { html: html`<div>${label}${colon}<b>${valueText}</b></div>`, text: `${label}${colon}${valueText}` };
  }

  /** Gives all labels of a column one width, in characters, so that they line up and none is cut. */
  widenLabel(characters: number): void {
    const style = { ...this.parts.options.style, description_width: `${characters}ch` };
    this.set({ style: styleModel(this.parts.style, style) });
  }

  protected override accept(key: string, value: unknown): unknown {
    return key === this.key ? this.parts.check(value) : undefined;
  }
}
