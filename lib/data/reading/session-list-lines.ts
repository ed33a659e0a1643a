import { InvalidDataError } from "../../core";
import { plainName } from "./column-names";
import type { LineReader } from "./line-parser";
import { spelled } from "./spelling";

/** Where RecBole's lists of items are: `session_id`, `item_id_list` and perhaps the item that follows. */
export interface ListColumns {
  readonly user: number;
  readonly list: number;
  readonly item: number;
}

/** The columns of a header with a list of items; `null` where it has none. */
export function listColumns(names: readonly string[]): ListColumns | null {
  const isList = (name: string) =>
    /^items?(id)?(list|seq|sequence)$/.test(plainName(name)) || /^item(_?id)?:token_seq$/i.test(name);
  const list = names.findIndex(isList);
  if (list < 0) return null;
  const user = names.findIndex((name) => /^(session|user)(id)?$/.test(plainName(name)));
  return { user, list, item: names.findIndex((name, k) => k !== list && /^item(id)?$/.test(plainName(name))) };
}

/**
 * Lines with a list of items: a row for each of them, and one for the item that follows. A session that comes twice
 * would count its events twice, for lists of one session are beginnings of one another.
 */
export function sessionListLines({ user, list, item }: ListColumns, itemName: string, where: string): LineReader {
  const seen = new Set<string>();
  return (line, number, rows) => {
    const fields = line.split("\t");
    const session = user < 0 ? String(number) : fields[user];
    if (seen.has(session))
      throw new InvalidDataError(`session ${session} has more than one list: two readings fit`, {
        where: `${where}:${number}`,
        remedy:
          `if lists grow by one item a line, read the items alone, ${spelled({ format: "rows", columns: { item: itemName } })}; ` +
          "if they are sessions of their own, give each an id of its own",
      });
    seen.add(session);
    for (const one of (fields[list] ?? "").trim().split(/[ ,]+/))
      if (one !== "") rows.add(session, one, NaN, NaN, number);
    if (item >= 0) rows.add(session, fields[item] ?? "", NaN, NaN, number);
  };
}
