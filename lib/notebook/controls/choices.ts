import { InvalidOptionError } from "../../core";
import { Control, type ControlOptions, requireKnown } from "./control";

/** What may be chosen: values, named by their text, or values by name. */
export type Choices<T> = readonly T[] | Readonly<Record<string, T>> | ReadonlyMap<string, T>;

/** What a control to choose one of several can be told. */
export interface ChoiceOptions<T> extends ControlOptions {
  /** What is chosen at first. Default: the first. */
  readonly value?: T;
}

interface Named<T> {
  readonly label: string;
  readonly value: T;
}

/** @throws InvalidOptionError where there is none */
function namedChoices<T>(where: string, choices: Choices<T>): Named<T>[] {
  const named = Array.isArray(choices)
    ? (choices as readonly T[]).map((value) => ({ label: String(value), value }))
    : [...(choices instanceof Map ? (choices as ReadonlyMap<string, T>) : Object.entries(choices as object))].map(
        ([label, value]) => ({ label: String(label), value: value as T }),
      );
  if (named.length > 0) return named;
  throw new InvalidOptionError("there is nothing to choose from", { where, remedy: "give at least one option" });
}

interface ChoiceKind {
  readonly where: string;
  readonly model: string;
  readonly style: "DescriptionStyle" | "ToggleButtonsStyle";
  readonly state: Readonly<Record<string, unknown>>;
  readonly own?: readonly string[];
}

/** @throws InvalidOptionError for no options, or a value that is none of them */
function madeChoice<T>(kind: ChoiceKind, choices: Choices<T>, options: ChoiceOptions<T>): Control<T> {
  const { where, model, style } = kind;
  requireKnown(where, options, ["value", ...(kind.own ?? [])]);
  const named = namedChoices(where, choices);
  const write = (value: T) => {
    const index = named.findIndex((one) => Object.is(one.value, value));
    if (index >= 0) return index;
    const remedy = `give one of ${shortList(named.map(({ label }) => label))}`;
    throw new InvalidOptionError(`"value" is ${String(value)}, which is no option`, { where, remedy });
  };
  return new Control<T>({
    ...{ model, style, options, write, key: "index" },
    state: {
      _options_labels: named.map(({ label }) => label),
      index: "value" in options ? write(options.value as T) : 0,
      ...kind.state,
    },
    read: (field) => named[field as number].value,
    check: (field) => (Number.isInteger(field) && named[field as number] !== undefined ? field : undefined),
    text: (value) => named[write(value)].label,
  });
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 5).join(", ");
  return labels.length > 5 ? `${shown} and ${labels.length - 5} more` : shown;
}

/**
 * A list to open, of which one is chosen. The value has the type of the options.
 *
 * @throws InvalidOptionError for no options, or a value that is none of them
 * @example
 * const person = dropdown([1, 5, 77], { label: "person" }); // a Control<number>
 * const choice = dropdown({ "matrix factorisation": model, LightGCN: lightGcn });
 */
export function dropdown<const T>(choices: Choices<T>, options: ChoiceOptions<NoInfer<T>> = {}): Control<T> {
  return madeChoice(
    { where: "dropdown", model: "Dropdown", style: "DescriptionStyle", state: {} },
    choices,
    options as ChoiceOptions<T>,
  );
}

/** What a list that stands open can be told. */
export interface SelectOptions<T> extends ChoiceOptions<T> {
  /** How many lines it shows. Default: 5. */
  readonly rows?: number;
}

/**
 * A list that stands open, of which one is chosen.
 *
 * @param choices at least one: values, or values by name
 * @throws InvalidOptionError as `dropdown`
 * @example
 * const metric = select(["auc", "forget-auc"], { rows: 2 });
 */
export function select<const T>(choices: Choices<T>, options: SelectOptions<NoInfer<T>> = {}): Control<T> {
  const { rows = 5 } = options;
  return madeChoice(
    { where: "select", model: "Select", style: "DescriptionStyle", state: { rows }, own: ["rows"] },
    choices,
    options as ChoiceOptions<T>,
  );
}

/**
 * A row of buttons, of which one is down.
 *
 * @param choices at least one: values, or values by name
 * @throws InvalidOptionError as `dropdown`
 * @example
 * const mode = toggleButtons(["principled", "paper"]);
 */
export function toggleButtons<const T>(choices: Choices<T>, options: ChoiceOptions<NoInfer<T>> = {}): Control<T> {
  return madeChoice(
    {
      ...{ where: "toggleButtons", model: "ToggleButtons", style: "ToggleButtonsStyle" },
      state: { button_style: "", icons: [], tooltips: [] },
    },
    choices,
    options as ChoiceOptions<T>,
  );
}
