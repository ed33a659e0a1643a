import type { LineReader } from "./line-parser";

/** A user, a mark that comes once, and their items. */
export interface UserList {
  /** What stands after the user. */
  readonly head: string;
  /** What stands between items. */
  readonly between: "," | " ";
}

const heads = [": ", ":\t", "\t", ";", "|"] as const;
const numbered = /^[A-Za-z_-]{0,12}\d+$/;

/**
 * How lines such as `7: 10 12 15` or `7<tab>10,12` are split; `undefined` for other lines. Every line has another user
 * and the mark once. Items apart by blanks are numbers, or letters and a number, for titles have blanks too.
 */
export function findUserList(lines: readonly string[]): UserList | undefined {
  for (const head of heads) {
    const split = lines.map((line) => splitOnce(line, head));
    if (lines.length < 2 || split.some((parts) => parts === null)) continue;
    const users = split.map((parts) => parts![0]);
    const lists = split.map((parts) => parts![1]).filter((list) => list !== "");
    if (new Set(users).size < users.length || users.some((user) => user === "" || /[,{[]/.test(user))) continue;
    const between = lists.some((list) => list.includes(",")) ? "," : " ";
    const items = lists.map((list) => itemsOf(list, between));
    const areMany = items.some(({ length }) => length > 2) && new Set(items.map(({ length }) => length)).size > 1;
    const areIds = items.flat().every((item) => numbered.test(item) || (between === "," && head.startsWith(":")));
    if (areMany && areIds && (head.startsWith(":") || users.every((user) => !/\s/.test(user))))
      return { head, between };
  }
  return undefined;
}

/** The user and the list; `null` where the mark is not there once. */
function splitOnce(line: string, head: string): readonly [string, string] | null {
  const text = head.startsWith(":") ? `${line.trimEnd()}${head.slice(1)}` : line; // a user alone ends in its colon
  const at = text.indexOf(head);
  if (at < 0 || text.indexOf(head.trim() || head, at + head.length) >= 0) return null;
  return [text.slice(0, at).trim(), text.slice(at + head.length).trim()];
}

const itemsOf = (list: string, between: string) =>
  list
    .split(between)
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Lines of a user and their items; a user alone has no row. */
export function userListLines({ head, between }: UserList): LineReader {
  return (line, number, rows) => {
    const parts = splitOnce(line, head);
    if (parts === null) return rows.faults.add("a line that is no user with a list", number);
    const items = itemsOf(parts[1], between);
    if (items.length === 0) return rows.countLeftOut("a user without items");
    for (const item of items) rows.add(parts[0], item, NaN, NaN, number);
  };
}
