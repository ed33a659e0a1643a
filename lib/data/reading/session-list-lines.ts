import { InvalidDataError } from "../../core";
import { plainName } from "./column-names";
import { looksLikeTimes, perSecond, type TimeUnit, timeUnitOf } from "./column-times";
import { splitLoosely } from "./find-delimiter";
import type { LineReader } from "./line-parser";
import type { ColumnChoices } from "./read-options";
import { spelled } from "./spelling";

/** Where lists of items are: RecBole's `session_id`, `item_id_list` and perhaps the item that follows, or a CSV's. */
export interface ListColumns {
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly user: number;
  readonly list: number;
  /** The item that follows the list; -1 for none. */
  readonly item: number;
  /** The ratings of the list's items; -1 for none. */
  readonly ratings: number;
  /** The times of the list's items, and of the item that follows; -1 for none. */
  readonly times: number;
  readonly time: number;
  readonly timeUnit: TimeUnit;
}

const isListName = (name: string) =>
  /^items?(id)?(list|seq|sequence)$/.test(plainName(name)) || /^item(_?id)?:token_seq$/i.test(name);
/** Names of columns that hold lists in some files and one id in others: what is in them tells. */
const isLikelyName = (name: string) =>
  /^(item|product|movie|film|book|track|song|game|video|artist|article|news)(s|ids)$|^(history|sequence|clicks|basket|cart)$/.test(
    plainName(name),
  );
const isTimesName = (name: string) => /^(times?|timestamps?|ts|dates?)(list|seq|sequence)?$/.test(plainName(name));
const isRatingsName = (name: string) => /^(ratings?|scores?|stars|labels?)(list|seq)?$/.test(plainName(name));
const isTimesListName = (name: string) => /s$|list$|seq/.test(plainName(name)) || /_seq$/.test(name);
const isUserName = (name: string) => /^(session|user|customer|visitor|playlist|basket|u)(id)?$/.test(plainName(name));

/** The entries of a list: apart by blanks or commas, perhaps in brackets and quotes. */
function entriesOf(field: string): string[] {
  const inside = field
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim()
    .replace(/^[[({](.*)[\])}]$/, "$1");
  return inside.split(/[\s,;|]+/).flatMap((one) => (one === "" ? [] : [one.replace(/^(['"]+)(.*)\1$/, "$2")]));
}

/** Whether some fields hold lists of ids: each entry has a digit, for titles have blanks and commas too. */
function areLists(fields: readonly string[]): boolean {
  const lists = fields.map(entriesOf);
  return lists.some(({ length }) => length > 1) && lists.flat().every((entry) => /^[\w.:-]*\d[\w.:-]*$/.test(entry));
}

/**
 * The columns of a file with lists of items; `null` for one that has none.
 *
 * @param asked whether the format was asked for: any column may then hold the lists
 */
export function findListColumns(
  lines: readonly string[],
  { choices, asked }: { readonly choices: ColumnChoices; readonly asked: boolean },
  where: string,
): ListColumns | null {
  const delimiter = ["\t", ";", ",", "|"].find((one) => lines[0].includes(one)) ?? "\t";
  const names = splitLoosely(lines[0], delimiter).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const rows = lines.slice(1).map((line) => splitLoosely(line, delimiter));
  const columns = names.map((_, k) => rows.map((fields) => fields[k] ?? ""));
  const chosen = (choice: ColumnChoices["item"]) =>
    typeof choice === "number" ? choice : names.findIndex((name) => plainName(name) === plainName(choice ?? ""));
  const holdsLists = (k: number) => areLists(columns[k]);
  const isWide = rows.every((fields) => fields.length === names.length);
  const list =
    asked && choices.item !== undefined
      ? chosen(choices.item)
      : names.findIndex((name, k) => isListName(name) || (isWide && isLikelyName(name) && holdsLists(k)));
  const found = list < 0 && asked ? names.findIndex((name, k) => !isTimesName(name) && holdsLists(k)) : list;
  if (found < 0) return null;
  const user = choices.user === undefined ? names.findIndex(isUserName) : chosen(choices.user);
  const item = names.findIndex((name, k) => k !== found && /^item(id)?$/.test(plainName(name)) && !holdsLists(k));
  const times = names.findIndex(
    (name, k) =>
      k !== found &&
      isTimesName(name) &&
      areTimes(columns[k].flatMap(entriesOf)) &&
      (isTimesListName(name) || holdsLists(k)),
  );
  const isRating = (entry: string) => entry !== "" && Number.isFinite(Number(entry));
  const ratings = names.findIndex(
    (name, k) => isRatingsName(name) && holdsLists(k) && columns[k].flatMap(entriesOf).every(isRating),
  );
  const time = names.findIndex((name, k) => k !== times && isTimesName(name) && areTimes(columns[k]));
  const unit = times < 0 ? null : timeUnitOf(columns[times].flatMap(entriesOf), names[times], `${where}:1`);
  return {
    names,
    delimiter,
    user,
    list: found,
    item,
    ratings,
    times,
    time: times < 0 ? -1 : time,
    timeUnit: unit ?? "seconds",
  };
}

const areTimes = (values: readonly string[]) =>
  looksLikeTimes(values) && values.every((value) => /^[\d.]*$/.test(value));

/**
 * Lines with a list of items: a row for each of them, and one for the item that follows. A session that comes twice
 * would count its events twice, for lists of one session are beginnings of one another.
 */
export function sessionListLines(columns: ListColumns, where: string): LineReader {
  const { names, delimiter, user, list, item, ratings, times, time, timeUnit } = columns;
  const seen = new Set<string>();
  const secondsOf = (text: string) => (text === "" ? NaN : Number(text) / perSecond[timeUnit]);
  return (line, number, rows) => {
    const fields = splitLoosely(line, delimiter).map((field) => field.replace(/^"(.*)"$/, "$1"));
    const session = user < 0 ? String(number) : fields[user];
    if (seen.has(session))
      throw new InvalidDataError(`session ${session} has more than one list: two readings fit`, {
        where: `${where}:${number}`,
        remedy:
          `if lists grow by one item a line, read the items alone, ${spelled({ format: "rows", columns: { item: names[item] ?? "item_id" } })}; ` +
          "if they are sessions of their own, give each an id of its own",
      });
    seen.add(session);
    const items = entriesOf(fields[list] ?? "");
    const moments = times < 0 ? [] : entriesOf(fields[times] ?? "");
    if (times >= 0 && moments.length !== items.length)
      return rows.faults.add(`a list of ${items.length} items with ${moments.length} times`, number);
    const labels = ratings < 0 ? [] : entriesOf(fields[ratings] ?? "");
    if (ratings >= 0 && labels.length !== items.length)
      return rows.faults.add(`a list of ${items.length} items with ${labels.length} ratings`, number);
    items.forEach((one, k) =>
      rows.add(session, one, ratings < 0 ? NaN : Number(labels[k]), times < 0 ? NaN : secondsOf(moments[k]), number),
    );
    if (item >= 0) rows.add(session, fields[item] ?? "", NaN, time < 0 ? NaN : secondsOf(fields[time] ?? ""), number);
  };
}
