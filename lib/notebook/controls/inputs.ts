import { InvalidOptionError } from "../../core";
import { html } from "../html";
import { Control, type ControlOptions, requireKnown } from "./control";
import { layoutModel, styleModel } from "./style";
import { controlKind, type Still, Widget } from "./widget";

/** How long a text may be that a page sends. */
const maxTextLength = 100_000;

const asText = (field: unknown) => (typeof field === "string" && field.length <= maxTextLength ? field : undefined);

/** What shows an empty line where nothing is written. */
const noPlaceholder = "\u200b";

/** What a line of text can be told. */
export interface TextOptions extends ControlOptions {
  /** What stands in it at first. Default: nothing. */
  readonly value?: string;
  /** What is shown while it is empty. Default: nothing. */
  readonly placeholder?: string;
  /** Whether values come with each letter, not only at the end. Default: false. */
  readonly continuous?: boolean;
}

/**
 * A line of text.
 *
 * @example
 * const id = text({ label: "user", placeholder: "an id of the dataset" });
 */
export function text(options: TextOptions = {}): Control<string> {
  requireKnown("text", options, ["value", "placeholder", "continuous"]);
  return textLike("text", "Text", {}, options);
}

/** What a combobox can be told. */
export interface ComboboxOptions extends TextOptions {
  /** Whether only the options may be given. Default: false. */
  readonly strict?: boolean;
}

/**
 * A line of text with suggestions.
 *
 * @param suggestions at least one
 * @throws InvalidOptionError for no options, or with `strict` a value that is none of them
 * @example
 * const titles = await loadItemTitles("ml-100k");
 * const film = combobox([...titles.values()], { strict: true, label: "film" });
 */
export function combobox(suggestions: readonly string[], options: ComboboxOptions = {}): Control<string> {
  const where = "combobox";
  requireKnown(where, options, ["value", "placeholder", "continuous", "strict"]);
  if (suggestions.length === 0)
    throw new InvalidOptionError("there is nothing to choose from", { where, remedy: "give an option, or use text()" });
  const { strict = false } = options;
  const isFree = (value: string) => !strict || value === "" || suggestions.includes(value);
  return textLike(where, "Combobox", { ensure_option: strict, options: [...suggestions] }, options, isFree);
}

function textLike(
  where: string,
  model: string,
  state: Readonly<Record<string, unknown>>,
  options: TextOptions,
  isAllowed: (value: string) => boolean = () => true,
): Control<string> {
  const write = (value: string) => {
    if (asText(value) !== undefined && isAllowed(value)) return value;
    throw new InvalidOptionError(`"value" is ${JSON.stringify(value)}`, { where, remedy: "give one of the options" });
  };
  const placeholder = options.placeholder ?? noPlaceholder;
  return new Control<string>({
    ...{ model, style: "TextStyle", options, write },
    state: {
      ...{ continuous_update: options.continuous ?? false, placeholder, value: write(options.value ?? "") },
      ...state,
    },
    read: (field) => field as string,
    check: (field) => {
      const given = asText(field);
      return given !== undefined && isAllowed(given) ? given : undefined;
    },
    text: (value) => value,
  });
}

/** What a checkbox can be told. */
export interface CheckboxOptions extends ControlOptions {
  /** Default: false. */
  readonly value?: boolean;
}

/**
 * A box to tick.
 *
 * @example
 * const isFlipped = checkbox({ value: true, label: "flipped labels" });
 */
export function checkbox(options: CheckboxOptions = {}): Control<boolean> {
  requireKnown("checkbox", options, ["value"]);
  return new Control<boolean>({
    ...{ model: "Checkbox", style: "CheckboxStyle", options },
    state: { indent: true, value: options.value ?? false },
    read: (field) => field === true,
    write: (value) => value,
    check: (field) => (typeof field === "boolean" ? field : undefined),
    text: (value) => (value ? "yes" : "no"),
  });
}

/** What a button can be told. */
export interface ButtonOptions extends Omit<ControlOptions, "label"> {
  /** A name of Font Awesome 4, such as `"trash"`. Default: none. */
  readonly icon?: string;
  /** Default: none. */
  readonly colour?: "primary" | "success" | "info" | "warning" | "danger";
}

/** A button, made by `button`. */
export class Button extends Widget {
  private readonly clickListeners = new Set<() => void>();

  /** @internal */
  constructor(label: string, options: ButtonOptions) {
    const { icon = "", colour = "", disabled = false, tooltip = null, layout, style } = options;
    super(controlKind("Button"), {
      ...{ _dom_classes: [], button_style: colour, description: label, disabled, icon },
      ...{ layout: layoutModel(layout), style: styleModel("ButtonStyle", style), tabbable: null, tooltip },
    });
  }

  get disabled(): boolean {
    return this.get("disabled") === true;
  }

  set disabled(disabled: boolean) {
    this.set({ disabled });
  }

  /**
   * Calls a function with each click. As with every widget, what it prints and throws goes to the log of the page
   * (*View ▸ Show Log Console*): the cell has ended. `interact`, or `capture` of an `output()`, shows it in the page.
   *
   * @returns ends that
   * @example
   * const log = output();
   * forget.onClick(() => void log.capture(() => console.log("forgotten")));
   * vbox([forget, log]);
   */
  onClick(listener: () => void): () => void {
    this.clickListeners.add(listener);
    return () => this.clickListeners.delete(listener);
  }

  still(): Still {
    const label = String(this.get("description"));
    return { html: html`<div>[${label}]</div>`, text: `[${label}]` };
  }

  protected override takeCustom(content: unknown): void {
    if ((content as { event?: unknown } | null | undefined)?.event !== "click" || this.disabled) return;
    for (const listener of [...this.clickListeners]) listener();
  }
}

/**
 * A button.
 *
 * @example
 * const [forget, log] = [button("Forget", { icon: "trash" }), output()];
 * forget.onClick(() => void log.capture(() => console.log("forgotten")));
 * vbox([forget, log]); // what is printed stands below the button
 */
export function button(label: string, options: ButtonOptions = {}): Button {
  requireKnown("button", options, ["icon", "colour"]);
  return new Button(label, options);
}
