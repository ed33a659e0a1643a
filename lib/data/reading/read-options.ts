import {
  didYouMean,
  flagOption,
  givenOption,
  InvalidOptionError,
  type Option,
  optionList,
  type OptionsOf,
  textOption,
  wholeOption,
  wordOption,
} from "../../core";
import { formatNames } from "./format-names";

/** Where a column is: its name, its position from 0, or `null` or `"none"` for a column that is to be ignored. */
export type ColumnChoice = string | number | null;

/** The columns that are chosen by hand. */
export interface ColumnChoices {
  readonly user?: ColumnChoice | undefined;
  readonly item?: ColumnChoice | undefined;
  readonly rating?: ColumnChoice | undefined;
  readonly time?: ColumnChoice | undefined;
  /** The types of events, for `events`. */
  readonly event?: ColumnChoice | undefined;
}

/** The columns, with the roles that there are. */
function columnsOption(): Option<ColumnChoices> {
  const given = givenOption<ColumnChoices>(
    "Which columns hold what. Default: by the usual names, else the first four.",
    {},
  );
  const known = ["user", "item", "rating", "time", "event"];
  return {
    ...given,
    check: (name, value, where) => {
      const columns = given.check(name, value, where);
      for (const [role, choice] of Object.entries(columns as Readonly<Record<string, unknown>>)) {
        if (!known.includes(role))
          throw new InvalidOptionError(`"columns" has no "${role}"`, { where, remedy: didYouMean(role, known) });
        if (choice !== undefined && choice !== null && typeof choice !== "string" && typeof choice !== "number")
          throw new InvalidOptionError(`the ${role} column is ${JSON.stringify(choice)}`, {
            where,
            remedy: "give its name, its position from 0, or null for none",
          });
      }
      return columns;
    },
  };
}

/** `true`, `false`, or `"auto"` for what the file tells. */
function flagOrAutoOption(meaning: string): Option<boolean | "auto"> {
  const flag = flagOption(meaning, false);
  return {
    ...{ meaning, allowed: "true, false or auto", initial: "auto", isGiven: false },
    check: (name, value, where) => (value === "auto" ? value : flag.check(name, value, where)),
  };
}

function delimiterOption(): Option<string> {
  const text = textOption(
    "What stands between fields, of any length; `tab`, or `blanks` for runs of blanks. Default: found.",
    "",
  );
  return {
    ...text,
    check: (name, value, where) => {
      const delimiter = text.check(name, value, where);
      if (!/[\n"]/.test(delimiter)) return delimiter === "tab" || delimiter === "\\t" ? "\t" : delimiter;
      throw new InvalidOptionError("the delimiter cannot be a line feed or a quote", { where, remedy: "give another" });
    },
  };
}

/** The options of `readInteractions`: how to read a file. What is left out is found from the file, and told. */
export const readOptionList = optionList("readInteractions", {
  format: wordOption("What kind of file it is; `npm run data -- formats` lists them.", formatNames, "auto"),
  delimiter: delimiterOption(),
  header: flagOrAutoOption("Whether the first line names the columns. Default: it does unless it holds a number."),
  skipLines: wholeOption("Lines to leave out before the header or the first row.", 0, 0),
  columns: columnsOption(),
  quote: wordOption(
    'How a quote inside quotes is written, or `none` where `"` is a character like any other.',
    ["auto", "doubled", "backslash", "none"],
    "auto",
  ),
  decimal: wordOption(
    "What stands before decimals; the other may set thousands apart.",
    ["auto", "point", "comma"],
    "auto",
  ),
  encoding: textOption("`utf-8`, `latin1` (ISO 8859-1), or any other that the platform knows.", "auto"),
  timeUnit: wordOption(
    "What times are: numbers since 1970, or dates with the year, the day or the month first.",
    ["auto", "seconds", "milliseconds", "microseconds", "nanoseconds", "dates", "day-first", "month-first"],
    "auto",
  ),
  events: givenOption<readonly string[]>(
    "The types of events to keep, where there is an event column; none for all.",
    [],
  ),
  missing: givenOption<readonly number[]>("Ratings that mean that there is none, such as Jester's 99.", []),
  keep: wordOption(
    "Of rows with the same user and item: `all`, the `first` or `last` of the file, or one with the `sum` or `mean`.",
    ["all", "first", "last", "sum", "mean"],
    "all",
  ),
  badRows: wordOption(
    "Whether a malformed row ends the reading with an error or is dropped and counted.",
    ["error", "drop"],
    "error",
  ),
  member: textOption("The member of a zip archive to read. Default: its only file.", ""),
});

/** How to read a file of interactions, every option with its value. */
export interface ReadSettings extends OptionsOf<typeof readOptionList.fields> {}

/** How to read a file of interactions; defaults and words are in `readOptionList`. */
export type ReadOptions = Partial<ReadSettings>;
