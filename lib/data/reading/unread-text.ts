import { InvalidDataError } from "../../core";
import { spelled } from "./spelling";
import { areRatedLists, findTimedLists } from "./timed-lists";

/** Refuses text of kinds that hold no rows of fields as they stand, with what makes such of them. */
export function requireReadable(lines: readonly string[], where: string): void {
  const [first, second = ""] = lines;
  const found = kinds.find(({ test }) => test(first, second, lines));
  if (found !== undefined) throw new InvalidDataError(`this is ${found.name}`, { where, remedy: found.remedy });
  if (!areRatedLists(lines) || findTimedLists(lines, where) !== undefined) return;
  throw new InvalidDataError("the lines are lists of pairs of numbers: two readings fit", {
    where: `${where}:1`,
    remedy:
      `choose: a user, then items with ratings, ${spelled({ format: "adjacency" })}; ` +
      "if they are features of LIBSVM or libFM, write a row for each interaction: user, item, rating",
  });
}

interface UnreadText {
  readonly name: string;
  readonly remedy: string;
  readonly test: (first: string, second: string, lines: readonly string[]) => boolean;
}

const isRule = (line: string) => /^[\s|+:-]+$/.test(line) && /-{3}/.test(line);
const objects = 'write objects, such as {"user": 1, "item": 10}';

const kinds: readonly UnreadText[] = [
  {
    name: "JSON without objects",
    remedy: `${objects}, or rows: jq -r ".[] | @csv" FILE > rows.csv`,
    test: (first) => /^\s*\[\s*\[/.test(first) || first.trim() === "[",
  },
  {
    name: "lines of JSON without objects",
    remedy: `${objects}, or rows: jq -r @csv FILE > rows.csv`,
    test: (_first, _second, lines) => lines.every((line) => /^\s*\[.*\],?\s*$/.test(line)),
  },
  {
    name: "a table that is drawn in text",
    remedy:
      "write CSV (psql --csv, mysql --batch), or take its rules away: " +
      "grep '|' FILE | grep -v -e '---' | sed 's/^[ |]*//; s/[ |]*$//; s/ *| */|/g' > rows.txt",
    test: (first, second) => (isRule(second) && first.includes("|")) || (/^\+-/.test(first) && second.startsWith("|")),
  },
  {
    name: "text whose fields are in single quotes",
    remedy: `make them double ones: tr "'" '"' < FILE > quoted.csv`,
    test: (_first, _second, lines) => lines.every((line) => /^'[^']*'(\s*[,;\t|]\s*'[^']*')+$/.test(line.trim())),
  },
  {
    name: "tuples of Python",
    remedy: "take the brackets away: tr -d '() ' < FILE > rows.csv",
    test: (_first, _second, lines) => lines.every((line) => /^\s*\([^()]*,[^()]*\),?\s*$/.test(line)),
  },
  {
    name: "Weka's ARFF",
    remedy: "keep what follows @data: sed '1,/@[Dd][Aa][Tt][Aa]/d' FILE > rows.csv, and name the columns",
    test: (first, _second, lines) => /^[@%]/.test(first) && lines.some((line) => /^@data\s*$/i.test(line)),
  },
  {
    name: "a dump of a database",
    remedy: "write the table as CSV: psql --csv -c 'table ratings', or mysql --batch -e 'select * from ratings'",
    test: (_first, _second, lines) => lines.some((line) => /^(INSERT INTO|CREATE TABLE) \S+/i.test(line)),
  },
];
