import { InvalidDataError } from "../../core";

/** Refuses text of kinds that hold no rows of fields as they stand, with what makes such of them. */
export function requireReadable(lines: readonly string[], where: string): void {
  const [first, second = ""] = lines;
  const found = kinds.find(({ test }) => test(first, second, lines));
  if (found !== undefined) throw new InvalidDataError(`this is ${found.name}`, { where, remedy: found.remedy });
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
    name: "a dump of a database",
    remedy: "write the table as CSV: psql --csv -c 'table ratings', or mysql --batch -e 'select * from ratings'",
    test: (_first, _second, lines) => lines.some((line) => /^(INSERT INTO|CREATE TABLE) \S+/i.test(line)),
  },
  {
    name: "LIBSVM's format (or libFM's), whose numbers say nothing of users and items",
    remedy: "write a row for each interaction: user, item, rating",
    test: (_first, _second, lines) =>
      lines.length > 1 && lines.every((line) => /^\S+( \d+:-?\d{1,8}(\.\d+)?)+\s*$/.test(line)),
  },
];
