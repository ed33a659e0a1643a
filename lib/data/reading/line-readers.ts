import { InvalidDataError } from "../../core";
import { type FileFormat, fileFormats, type FormatKind } from "./file-formats";
import type { LayoutFacts } from "./file-layout";
import { blanks, delimiterInWords, findDelimiter } from "./find-delimiter";
import type { LineReader } from "./line-parser";
import { adjacencyLines, looksLikeSpmf, sequenceLines } from "./list-lines";
import { matrixLayout, matrixLines } from "./matrix-lines";
import { mindLines } from "./mind-lines";
import { netflixLines } from "./netflix-lines";
import type { ReadSettings } from "./read-options";
import { findListColumns, type ListColumns, sessionListLines } from "./session-list-lines";
import { spelled } from "./spelling";
import { areRatedLists, findTimedLists, ratedListLines, timedListLines } from "./timed-lists";
import { findUserList, userListLines } from "./user-lists";

/** What reads the lines of a format that has no rows of fields, how many lines come before, and what was found. */
export function lineReader(
  kind: FormatKind,
  lines: readonly string[],
  settings: ReadSettings,
  where: string,
): { reader: LineReader; skip: number; facts: LayoutFacts } {
  const format = settings.format === "auto" ? kind : settings.format;
  const { meaning }: FileFormat = fileFormats[format];
  const facts = { format: `${format}: ${meaning}` };
  if (kind === "netflix") return { reader: netflixLines(), skip: 0, facts };
  if (kind === "mind") return { reader: mindLines, skip: 0, facts };
  if (kind === "lists") return listReader(lines, settings, facts, where);
  const special = settings.delimiter === "" ? specialLists(kind, lines, where) : undefined;
  if (special !== undefined) return { reader: special.reader, skip: 0, facts: { ...facts, ...special.facts } };
  const delimiter = settings.delimiter || (kind === "sequences" ? blanks : (findDelimiter(lines, where) ?? blanks));
  const split = { ...facts, delimiter: delimiterInWords(delimiter) };
  if (kind === "adjacency") return { reader: adjacencyLines(delimiter), skip: 0, facts: split };
  if (kind === "sequences") return { reader: sequenceLines(delimiter), skip: 0, facts: split };
  const { layout, hasHeader } = matrixLayout(lines, delimiter, settings.format === "jester", settings.missing);
  const users = layout.hasUsers ? "users = the first field" : "users = the lines, from 1";
  const items = layout.items === null ? "items = the columns, from 1" : "items = the names in the header";
  return { reader: matrixLines(layout), skip: hasHeader ? 1 : 0, facts: { ...split, columns: `${users}, ${items}` } };
}

/** Lists that are told from how their lines look. */
function specialLists(
  kind: FormatKind,
  lines: readonly string[],
  where: string,
): { reader: LineReader; facts: LayoutFacts } | undefined {
  const users = kind === "adjacency" ? findUserList(lines) : undefined;
  if (users !== undefined) {
    const apart = `${delimiterInWords(users.head)} after the user, ${users.between === "," ? '","' : "blanks"} between items`;
    return { reader: userListLines(users), facts: { delimiter: apart } };
  }
  if (kind === "adjacency" && areRatedLists(lines) && findTimedLists(lines, where) === undefined)
    return { reader: ratedListLines, facts: { columns: "user = the first word, then item and rating" } };
  if (kind !== "sequences") return undefined;
  const timed = findTimedLists(lines, where);
  if (timed !== undefined) {
    const session = timed.hasSessions ? "the first word" : "the lines, from 1";
    return {
      reader: timedListLines(timed),
      facts: { columns: `user = ${session}, then item and time`, times: `${timed.unit} since 1970` },
    };
  }
  if (!looksLikeSpmf(lines)) return undefined;
  return {
    reader: sequenceLines(blanks, true),
    facts: { marks: "-1 and -2 are SPMF's ends of sets and sequences, no items" },
  };
}

function listReader(lines: readonly string[], { columns: choices }: ReadSettings, facts: LayoutFacts, where: string) {
  const columns = findListColumns(lines, { choices, asked: true }, where);
  if (columns === null)
    throw new InvalidDataError("no column with lists of items", {
      where: `${where}:1`,
      remedy: `name it item_id_list in the header, or read the rows: ${spelled({ format: "rows" })}`,
    });
  return { reader: sessionListLines(columns, where), skip: 1, facts: { ...facts, ...listsInWords(columns) } };
}

function listsInWords({ names, user, list, item, ratings, times, time, timeUnit }: ListColumns): LayoutFacts {
  const used =
    `user = ${user < 0 ? "the lines, from 1" : names[user]}, items = ${names[list]}` +
    (item < 0 ? "" : `, then ${names[item]}`) +
    (ratings < 0 ? "" : `, ratings = ${names[ratings]}`) +
    (times < 0 ? "" : `, times = ${names[times]}${item < 0 || time < 0 ? "" : `, then ${names[time]}`}`);
  const unused = names.filter((_, k) => ![user, list, item, ratings, times, time].includes(k)).join(", ");
  return {
    columns: used,
    ...(times < 0 ? {} : { times: `${timeUnit} since 1970` }),
    ...(unused === "" ? {} : { unused }),
  };
}
