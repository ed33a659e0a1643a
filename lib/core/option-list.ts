import { InvalidOptionError } from "./errors";
import { didYouMean, type NumberRange, rangeInWords, requireNumber } from "./options";

/** What a method does: as it is meant to be (`principled`), or as the paper's release has it (`paper`). */
export type Mode = "principled" | "paper";

/** A default that depends on the mode. */
export interface ByMode<T> {
  readonly principled: T;
  readonly paper: T;
}

/** One option: all that is known of it, said once. */
export interface Option<T> {
  /** What it is for, one or two sentences: `--help`, the READMEs' tables and typedoc show it. */
  readonly meaning: string;
  /** What may be given, in words, such as `a whole number >= 1`. */
  readonly allowed: string;
  readonly initial: T | ByMode<T>;
  /** Whether it is data that the caller hands over and no setting: it stands in no config of a run. */
  readonly isGiven: boolean;
  /** How tables call its values where they are not the default. Default: they do not. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The value, checked. @throws InvalidOptionError for one that is not allowed */
  check(name: string, value: unknown, where: string): T;
}

/** Options by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- options of all types stand side by side
export type OptionFields = Readonly<Record<string, Option<any>>>;

/** The values that options take. */
export type OptionsOf<F extends OptionFields> = {
  readonly [K in keyof F]: F[K] extends Option<infer T> ? T : never;
};

/**
 * Default by mode.
 *
 * @example
 * numberOption("The most epochs.", byMode(200, 5000), { min: 1 });
 */
export function byMode<const T>(principled: T, paper: T): ByMode<T> {
  return { principled, paper };
}

/**
 * A number.
 *
 * @param range default: any finite number
 * @example
 * numberOption("Share of the rows to forget.", 0.02, { min: 0, max: 0.99 });
 */
export function numberOption(
  meaning: string,
  initial: number | ByMode<number>,
  range: NumberRange = {},
): Option<number> {
  return {
    ...{ meaning, initial, isGiven: false, allowed: rangeInWords(range) },
    check: (name, value, where) => {
      if (typeof value === "number") return requireNumber(name, value, range, where);
      throw refused(name, value, "number", where, initial);
    },
  };
}

/**
 * A whole number.
 *
 * @param min the smallest; default: none
 * @example
 * wholeOption("The most epochs.", 200, 1);
 */
export function wholeOption(meaning: string, initial: number | ByMode<number>, min?: number): Option<number> {
  return numberOption(meaning, initial, { integer: true, ...(min === undefined ? {} : { min }) });
}

/**
 * `true` or `false`.
 *
 * @example
 * flagOption("Whether labels are flipped.", true);
 */
export function flagOption(meaning: string, initial: boolean | ByMode<boolean>): Option<boolean> {
  return {
    ...{ meaning, initial, isGiven: false, allowed: "true or false" },
    check: (name, value, where) => {
      if (typeof value === "boolean") return value;
      throw refused(name, value, "boolean", where, initial);
    },
  };
}

/**
 * Any text, such as a folder.
 *
 * @example
 * textOption("The folder of results.", "runs");
 */
export function textOption(meaning: string, initial: string): Option<string> {
  return {
    ...{ meaning, initial, isGiven: false, allowed: "text" },
    check: (name, value, where) => {
      if (typeof value === "string") return value;
      throw refused(name, value, "string", where, initial);
    },
  };
}

/**
 * One of some words.
 *
 * @param words in the order in which help lists them; as an object, each with how tables call it where it is not the
 *   default
 * @example
 * wordOption("How rows are ordered.", ["time", "rows"], "time");
 */
export function wordOption<const W extends string>(
  meaning: string,
  words: readonly W[] | Readonly<Record<W, string>>,
  initial: NoInfer<W> | ByMode<NoInfer<W>>,
): Option<W> {
  const known = (Array.isArray(words) ? words : Object.keys(words)) as readonly W[];
  return {
    ...{ meaning, initial, isGiven: false, allowed: known.join(", ") },
    ...(Array.isArray(words) ? {} : { labels: words as Readonly<Record<W, string>> }),
    check: (name, value, where) => {
      if (typeof value !== "string") throw refused(name, value, "string", where, initial);
      if ((known as readonly string[]).includes(value)) return value as W;
      throw new InvalidOptionError(`"${name}" is "${value}"`, { where, remedy: didYouMean(value, known) });
    },
  };
}

/**
 * A number, or one of some words, such as a damping that may be `"calibrated"`.
 *
 * @example
 * numberOrWordOption("Lambda.", ["calibrated"], "calibrated", { above: 0 });
 */
export function numberOrWordOption<const W extends string>(
  meaning: string,
  words: readonly W[],
  initial: number | NoInfer<W> | ByMode<number | NoInfer<W>>,
  range: NumberRange = {},
): Option<number | W> {
  return {
    ...{ meaning, initial, isGiven: false, allowed: `${words.join(", ")}, or ${rangeInWords(range)}` },
    check: (name, value, where) => {
      if (typeof value === "number") return requireNumber(name, value, range, where);
      if (typeof value === "string" && (words as readonly string[]).includes(value)) return value as W;
      throw new InvalidOptionError(`option "${name}" is ${inWords(value)}, neither a number nor a word it knows`, {
        where,
        remedy: typeof value === "string" ? didYouMean(value, words) : `give a number or ${words.join(", ")}`,
      });
    },
  };
}

/**
 * The mode. A list that has it under the name `mode` takes its other defaults by it. Default `principled`.
 *
 * @example
 * modeOption("How the method computes.");
 */
export function modeOption(meaning: string): Option<Mode> {
  return wordOption(meaning, ["principled", "paper"], byMode("principled", "paper"));
}

/**
 * Data that the caller hands over, such as validation rows; it is taken as it is.
 *
 * @example
 * givenOption<Interactions | null>("Rows that end the training early.", null);
 */
export function givenOption<T>(meaning: string, initial: T | ByMode<T>): Option<T> {
  return {
    ...{ meaning, initial, isGiven: true, allowed: "data" },
    check: (name, value, where) => {
      if (value === null || typeof value === "object") return value as T;
      throw refused(name, value, "object", where, initial);
    },
  };
}

/**
 * The seed: a setting for who calls the function, but runs have their own.
 *
 * @example
 * seedOption("Of the initial embeddings.", 1);
 */
export function seedOption(meaning: string, initial: number): Option<number> {
  return { ...wholeOption(meaning, initial), isGiven: true };
}

/**
 * The same option with another default.
 *
 * @example
 * withInitial(wholeOption("The most epochs.", 200, 1), 50);
 */
export function withInitial<T>(option: Option<T>, initial: NoInfer<T> | ByMode<NoInfer<T>>): Option<T> {
  return { ...option, initial };
}

/**
 * The same option as a setting: a seed that a config may set, such as a split's.
 *
 * @example
 * asSetting(seedOption("Of the split.", 1024)).isGiven; // false: a config may set it
 */
export function asSetting<T>(option: Option<T>): Option<T> {
  return { ...option, isGiven: false };
}

/** Options that one function or part takes. */
export interface OptionList<F extends OptionFields = OptionFields> {
  /** Whose they are, for messages, such as `"ifru"`. */
  readonly where: string;
  readonly fields: F;
  /** Every option with its default. @param mode default `principled` */
  defaults(mode?: Mode): OptionsOf<F>;
  /**
   * What was given, checked, and the defaults of the mode for all else; `undefined` counts as not given.
   *
   * @throws InvalidOptionError for an unknown name (with the nearest), a value of another type, or one out of its range
   */
  resolve(given?: Partial<OptionsOf<F>>): OptionsOf<F>;
}

/**
 * Declares the options of a function or a part: types, defaults (by mode), checks, help and tables come from it.
 *
 * @param where named in errors
 * @example
 * const list = optionList("mf", { epochs: wholeOption("The most epochs.", 5000, 1) });
 * type MfOptions = OptionsOf<typeof list.fields>;
 * list.resolve({ epochs: 0 }); // InvalidOptionError: "epochs" is 0 (mf); give a whole number >= 1
 */
export function optionList<const F extends OptionFields>(where: string, fields: F): OptionList<F> {
  const defaults = (mode: Mode = "principled") =>
    Object.fromEntries(
      Object.entries(fields).map(([name, { initial }]) => [name, ofMode(initial, mode)]),
    ) as OptionsOf<F>;
  const resolve = (given: Readonly<Record<string, unknown>> = {}) => {
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    const checked = set.map(([name, value]) => [name, checkedValue(fields, name, value, where)] as const);
    const { mode } = Object.fromEntries(checked) as { readonly mode?: Mode };
    return { ...defaults(Object.hasOwn(fields, "mode") ? mode : undefined), ...Object.fromEntries(checked) };
  };
  return { where, fields, defaults, resolve };
}

/**
 * The list without what the caller hands over: the options that a config may set.
 *
 * @example
 * const fields = { epochs: wholeOption("The most epochs.", 200, 1), seed: seedOption("Of the start.", 1) };
 * Object.keys(settingsOf(optionList("mf", fields)).fields); // ["epochs"]
 */
export function settingsOf({ where, fields }: OptionList): OptionList {
  return optionList(where, Object.fromEntries(Object.entries(fields).filter(([, { isGiven }]) => !isGiven)));
}

function checkedValue(fields: OptionFields, name: string, value: unknown, where: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name].check(name, value, where);
  const known = Object.keys(fields);
  const remedy = known.length === 0 ? "leave it out: there are no options here" : didYouMean(name, known);
  throw new InvalidOptionError(`unknown option "${name}"`, { where, remedy });
}

function ofMode<T>(initial: T | ByMode<T>, mode: Mode): T {
  return isByMode(initial) ? initial[mode] : initial;
}

/**
 * Whether a default depends on the mode.
 *
 * @example
 * isByMode(byMode(200, 5000)); // true
 * isByMode(200); // false
 */
export function isByMode<T>(initial: T | ByMode<T>): initial is ByMode<T> {
  return typeof initial === "object" && initial !== null && "principled" in initial && "paper" in initial;
}

function refused(name: string, value: unknown, type: string, where: string, initial: unknown): InvalidOptionError {
  const remedy = `its default is ${inWords(ofMode(initial, "principled"))}`;
  return new InvalidOptionError(
    `option "${name}" is ${inWords(value)}, not ${type === "object" ? "an" : "a"} ${type}`,
    { where, remedy },
  );
}

function inWords(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
