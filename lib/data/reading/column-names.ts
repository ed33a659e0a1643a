import { didYouMean, InvalidDataError, InvalidOptionError } from "../../core";
import type { ColumnChoice } from "./read-options";
import { spelled } from "./spelling";

/** What a column of a file can be to us. */
export type Role = "user" | "item" | "rating" | "time" | "event";
export const roles = ["user", "item", "rating", "time"] as const;

/**
 * The usual names of each column, compared without case, `-`, `_`, points, blanks, what stands in brackets at the end
 * or before a slash, and the `:type` of RecBole's headers. Those of a later list count only where none of an earlier
 * one is there.
 */
const usualNames: Readonly<Record<Role, readonly (readonly string[])[]>> = {
  user: [
    ["user", "userid", "uid", "reviewerid", "sessionid", "session"],
    ["visitorid", "customerid", "memberid", "username", "account", "accountid", "playerid", "clientid", "u"],
    ["reviewer", "customer", "visitor", "member", "playlistid", "profilename"],
  ],
  item: [
    ["item", "itemid", "iid", "movieid", "asin", "parentasin", "isbn", "productid", "bookid"],
    [
      ...[
        "businessid",
        "artistid",
        "animeid",
        "gameid",
        "appid",
        "songid",
        "trackid",
        "newsid",
        "articleid",
        "recipeid",
      ],
      ...[
        "videoid",
        "contentid",
        "jokeid",
        "placeid",
        "venueid",
        "poiid",
        "beerid",
        "movie",
        "product",
        "book",
        "artist",
        "i",
      ],
    ],
    [
      ...["film", "filmid", "game", "song", "track", "trackuri", "aid", "items", "itemids", "itemlist", "itemidlist"],
      ...["products", "productids", "movies", "movieids", "books", "tracks", "songs"],
    ],
  ],
  rating: [
    ["rating", "overall", "bookrating", "score", "label", "stars"],
    ["value", "val", "weight", "count", "plays", "playcount", "preference", "r"],
    ["liked", "like", "islike", "click", "clicked", "isclick", "starrating", "userrating", "reviewrating", "grade"],
  ],
  time: [
    ["timestamp", "time", "unixreviewtime", "ts"],
    [
      "date",
      "datetime",
      "createdat",
      "eventtime",
      "eventdate",
      "timecreated",
      "ratedat",
      "reviewdate",
      "unixtime",
      "t",
    ],
    ["created", "datum", "reviewtime", "dateadded", "addedat", "watchedat", "playedat", "viewedat", "invoicedate"],
  ],
  event: [["event", "eventtype", "behavior", "behaviour", "behaviortype", "action"]],
};

/** A name as names are compared. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/(\S) *[([][^)\]]*[)\]] *$/, "$1")
    .replace(/:(token|float|token_seq|float_seq)$/, "")
    .replace(/^.*\//, "")
    .replace(/[-_. ]/g, "");
}

/** A column as people find it: its name, or its number from 1 where there is no header. */
export function columnInWords(names: readonly string[] | null, position: number): string {
  return names === null || names[position] === undefined ? `column ${position + 1}` : JSON.stringify(names[position]);
}

/** Whether a choice says that there is no such column. */
export function isNone(choice: ColumnChoice | undefined, names: readonly string[] | null): boolean {
  return choice === null || ((choice === "none" || choice === "-") && names?.includes(choice) !== true);
}

/** The columns that bear a usual name of a role; -1 for a role that none has. @throws InvalidDataError when two do */
export function usualColumn(role: Role, names: readonly string[], where: string): number {
  for (const wanted of usualNames[role]) {
    const found = names.flatMap((name, index) => (wanted.includes(plainName(name)) ? [index] : []));
    if (found.length > 1)
      throw new InvalidDataError(
        `columns ${found.map((index) => `"${names[index]}"`).join(" and ")} both name the ${role}`,
        {
          where,
          remedy: `choose one: ${found.map((k) => spelled({ columns: { [role]: choiceOf(names, k) } })).join(" or ")}`,
        },
      );
    if (found.length === 1) return found[0];
  }
  return -1;
}

/** Whether some fields bear usual names of both user and item: they are a header. */
export function namesUserAndItem(fields: readonly string[]): boolean {
  const has = (role: Role) => fields.some((field) => usualNames[role].flat().includes(plainName(unquoted(field))));
  return has("user") && has("item");
}

const unquoted = (field: string) => field.trim().replace(/^"(.*)"$/, "$1");

/** How a column is chosen: by name where that is unique, else by position. */
export function choiceOf(names: readonly string[] | null, position: number): ColumnChoice {
  const name = names?.[position];
  if (name === undefined || name === "" || /^\d+$/.test(name)) return position;
  return names!.filter((other) => plainName(other) === plainName(name)).length === 1 ? name : position;
}

/** The position of a column that was chosen by hand. @throws InvalidOptionError when there is none */
export function chosenColumn(
  role: Role,
  choice: string | number,
  names: readonly string[] | null,
  fieldCount: number,
  where: string,
): number {
  if (typeof choice === "number") {
    if (Number.isInteger(choice) && choice >= 0 && choice < fieldCount) return choice;
    throw new InvalidOptionError(`the ${role} column is ${choice}, but lines have ${fieldCount} fields`, {
      where,
      remedy: `give a position from 0 to ${fieldCount - 1}`,
    });
  }
  if (names === null)
    throw new InvalidOptionError(`the ${role} column is named "${choice}", but the file has no header`, {
      where,
      remedy: `give its position from 0, or ${spelled({ header: true })}`,
    });
  const found = names.flatMap((name, index) =>
    name === choice || plainName(name) === plainName(choice) ? [index] : [],
  );
  const exact = found.filter((index) => names[index] === choice);
  if (exact.length === 1) return exact[0];
  if (found.length === 1) return found[0];
  throw new InvalidOptionError(
    found.length === 0 ? `no column "${choice}" for the ${role}` : `${found.length} columns are named "${choice}"`,
    { where, remedy: found.length === 0 ? didYouMean(choice, names) : "choose one by its position from 0" },
  );
}
