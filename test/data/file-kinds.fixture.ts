import type { ReadOptions } from "../../lib/data/reading/read-options";

/** A file as people have them, and what must come of it: the rows that its writer meant, or a refusal that says why. */
export interface FileKind {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options?: ReadOptions;
  /** The rows as `user item label` and, where there are times, seconds … */
  readonly rows?: readonly string[];
  /** … with what is said of the layout … */
  readonly said?: Readonly<Record<string, RegExp>>;
  /** … or what the refusal says, and the options that pick a reading, with the rows they give. */
  readonly refused?: RegExp;
  readonly picks?: readonly (readonly [ReadOptions, readonly string[]])[];
}

const table = "user,item,rating\n1,10,5\n2,11,4\n";
const rows = ["1 10 5", "2 11 4"];
const utf16 = (text: string) => Buffer.from(text, "utf16le");
const latin1 = (text: string) => Buffer.from(text, "latin1");

const times: FileKind[] = [
  {
    name: "iso-zone.csv",
    content: "user,item,rating,timestamp\n1,10,5,2014-04-07T10:51:09+02:00\n2,10,3,2014-04-07 10:51:09.5Z\n",
    rows: ["1 10 5 1396860669", "2 10 3 1396867869.5"],
    said: { times: /^dates$/ },
  },
  {
    name: "iso-no-zone.csv",
    content: "user,item,rating,created_at\n1,10,5,2014-04-07 10:51:09\n2,10,3,2014-04-07\n3,10,3,\n",
    rows: ["1 10 5 1396867869", "2 10 3 1396828800", "3 10 3 NaN"],
    said: { times: /without a zone: taken as UTC/, columns: /time = "created_at"/ },
  },
  {
    name: "digits-of-a-date.csv",
    content: "user,item,rating,date\n1,10,5,20141225\n2,11,4,20150103\n",
    rows: ["1 10 5 1419465600", "2 11 4 1420243200"],
  },
  {
    name: "digits-of-a-moment.csv",
    content: "user,item,rating,timestamp\n1,10,5,20140407105109\n",
    rows: ["1 10 5 1396867869"],
  },
  {
    name: "day-first.csv",
    content: "user,item,rating,date\n1,10,5,25/12/2014\n2,11,4,03/01/2015\n",
    rows: ["1 10 5 1419465600", "2 11 4 1420243200"],
    said: { times: /the day first/ },
  },
  {
    name: "day-or-month-first.csv",
    content: "user,item,rating,date\n1,10,5,05/12/2014\n2,11,4,03/01/2015\n",
    refused: /two ways[\s\S]*timeUnit: "day-first"[\s\S]*timeUnit: "month-first"/,
    picks: [
      [{ timeUnit: "day-first" }, ["1 10 5 1417737600", "2 11 4 1420243200"]],
      [{ timeUnit: "month-first" }, ["1 10 5 1399852800", "2 11 4 1425168000"]],
    ],
  },
  {
    name: "milliseconds.csv",
    content: "1,10,5,1396867869277\n2,11,4,1396868049868\n",
    rows: ["1 10 5 1396867869.277", "2 11 4 1396868049.868"],
    said: { times: /milliseconds/ },
  },
  {
    name: "microseconds.csv",
    content: "user,item,rating,timestamp\n1,10,5,1396867869277000\n",
    rows: ["1 10 5 1396867869.277"],
    said: { times: /microseconds/ },
  },
  {
    name: "nanoseconds.csv",
    content: "user,item,rating,ts\n1,10,5,1396867869277000000\n",
    rows: ["1 10 5 1396867869.277"],
    said: { times: /nanoseconds/ },
  },
  {
    name: "order-as-time.csv",
    content: "user,item,rating,timestamp\n1,10,5,1\n1,11,3,2\n",
    rows: ["1 10 5 1", "1 11 3 2"],
    said: { times: /an order rather than dates/ },
  },
  {
    name: "time-in-the-third.csv",
    content: "u1,i1,1396867869\nu2,i2,1396867999\n",
    rows: ["u1 i1 1 1396867869", "u2 i2 1 1396867999"],
    said: { columns: /rating = none, time = column 3/, labels: /every label is 1/ },
  },
  {
    name: "time-before-rating.csv",
    content: "1,10,1396867869,5\n2,11,1396867999,4\n",
    refused: /the third column holds times, not ratings/,
    picks: [[{ columns: { user: 0, item: 1, rating: 3, time: 2 } }, ["1 10 5 1396867869", "2 11 4 1396867999"]]],
  },
  {
    name: "date-and-clock-apart.txt",
    content: "1 10 5 2014-04-07 10:51:09\n2 11 4 2014-04-08 10:51:09\n",
    refused: /the date and the time of day are two columns/,
  },
  {
    name: "small-numbers-in-the-fourth.txt",
    content: "1 10 5 1\n1 11 4 2\n2 10 3 1\n",
    refused: /may be times or not[\s\S]*time: 3[\s\S]*time: null/,
    picks: [[{ columns: { time: null } }, ["1 10 5", "1 11 4", "2 10 3"]]],
  },
  {
    name: "no-times-asked.csv",
    content: "user,item,rating,time\n1,10,5,never\n",
    options: { columns: { time: "none" } },
    rows: ["1 10 5"],
  },
  {
    name: "dash-for-none.csv",
    content: table,
    options: { columns: { rating: "-", time: "-" } },
    rows: ["1 10 1", "2 11 1"],
  },
];

const columns: FileKind[] = [
  {
    name: "uid-iid-val-tag.csv",
    content: "uid,iid,val,tag\nu0,i0,2,1400000000\nu0,i1,5,1400000060\n",
    rows: ["u0 i0 2", "u0 i1 5"],
    said: {
      unused: /"tag" .*these look like times: columns: \{ time: "tag" \}/,
      columns: /rating = "val", time = none/,
    },
  },
  {
    name: "foreign-names.csv",
    content: "who,what,stars\nann,10,5\n",
    refused: /no user column and no item column[\s\S]*columns: \{ user: "who", item: "what" \}/,
    picks: [[{ columns: { user: "who", item: "what" } }, ["ann 10 5"]]],
  },
  {
    name: "two-items.jsonl",
    content: '{"rating": 5.0, "asin": "B1", "parent_asin": "P1", "user_id": "U1", "timestamp": 1588687728923}\n',
    refused: /both name the item[\s\S]*item: "asin"[\s\S]*item: "parent_asin"/,
    picks: [[{ columns: { item: "parent_asin" } }, ["U1 P1 5 1588687728.923"]]],
  },
  {
    name: "pandas-index.csv",
    content: ",user,item,rating\n0,1,10,5\n1,2,11,4\n",
    rows,
    said: { unused: /^"" \(0, 1\)/ },
  },
  {
    name: "r-row-names.txt",
    content: "user item rating\n1 1 10 5\n2 2 11 4\n",
    refused: /rows have 4 fields, and the first line 3/,
    picks: [[{ skipLines: 1, header: false, columns: { user: 1, item: 2, rating: 3, time: null } }, rows]],
  },
  { name: "trailing-delimiter.csv", content: "user,item,rating\n1,10,5,\n2,11,4,\n", rows },
  { name: "no-header-all-text.txt", content: "u0 i3\nu0 i1\nu1 i3\n", rows: ["u0 i3 1", "u0 i1 1", "u1 i3 1"] },
  {
    name: "header-in-a-comment.txt",
    content: "# user item rating\n1 10 5\n2 11 4\n",
    rows,
    said: { header: /comment/ },
  },
  {
    name: "konect.txt",
    content: "% bip weighted\n% 2 2 2\n1 1 5 1396867869\n2 1 4 1396867999\n",
    rows: ["1 1 5 1396867869", "2 1 4 1396867999"],
    said: { skipped: /2 leading lines/ },
  },
  {
    name: "matrix-market.mtx",
    content: "%%MatrixMarket matrix coordinate real general\n2 11 2\n1 10 5\n2 11 4\n",
    rows,
    said: { skipped: /2 leading lines/ },
  },
  {
    name: "prose-first.csv",
    content: "Exported by a tool\n\nuser,item,rating\n1,10,5\n2,11,4\n",
    refused: /only one field[\s\S]*skipLines: 1/,
    picks: [[{ skipLines: 1 }, rows]],
  },
  {
    name: "prose-of-as-many-words.txt",
    content: "two lines of\nexplanation come first\nu0 i0 4\nu1 i0 4\n",
    refused: /no user column and no item column[\s\S]*skipLines: 2/,
    picks: [[{ skipLines: 2 }, ["u0 i0 4", "u1 i0 4"]]],
  },
  {
    name: "yoochoose-clicks.dat",
    content: "1,2014-04-07T10:51:09.277Z,214536502,0\n2,2014-04-07T13:57:19.373Z,214662742,S\n",
    refused: /the second column holds times, not items[\s\S]*format: "yoochoose"/,
    picks: [[{ format: "yoochoose" }, ["1 214536502 1 1396867869.277", "2 214662742 1 1396879039.373"]]],
  },
  {
    name: "ids-in-the-third.csv",
    content: "1,2,214536502\n1,3,214536500\n2,4,214662742\n",
    refused: /too large for ratings/,
  },
];

const delimiters: FileKind[] = [
  {
    name: "fixed-width.txt",
    content: "  1   10  5\n 12  100  4\n123 1000  3\n",
    rows: ["1 10 5", "12 100 4", "123 1000 3"],
  },
  {
    name: "runs-of-blanks.txt",
    content: "22605  42915   5\n22605  5052    3\n",
    rows: ["22605 42915 5", "22605 5052 3"],
    said: { delimiter: /runs of blanks/ },
  },
  {
    name: "pipes-inside-commas.csv",
    content: "1,10,5,Comedy|Drama\n1,11,4,Action|War\n",
    rows: ["1 10 5", "1 11 4"],
    said: { delimiter: /^","$/, unused: /column 4 \(Comedy\|Drama/ },
  },
  { name: "pipes-between-blanks.txt", content: "1 | 10 | 5\n2 | 11 | 4\n", rows },
  { name: "commas-and-blanks.csv", content: "user, item, rating\n1, 10, 5\n2, 11, 4\n", rows },
  {
    name: "double-colons.dat",
    content: "1::10::5::978300760\n2::11::4::978302109\n",
    rows: ["1 10 5 978300760", "2 11 4 978302109"],
  },
  {
    name: "any-delimiter.txt",
    content: "1@@10@@5\n2@@11@@4\n",
    refused: /only one field[\s\S]*delimiter: "@@"/,
    picks: [[{ delimiter: "@@" }, rows]],
  },
  { name: "control-a.txt", content: "1\u000110\u00015\n2\u000111\u00014\n", rows },
  {
    name: "blanks-in-names.csv",
    content: "user name,item,rating\nAnn Lee,10,5\nBo Li,11,4\n",
    rows: ["Ann Lee 10 5", "Bo Li 11 4"],
  },
  { name: "blank-in-a-date.csv", content: "1,10,5,2014-04-07 10:51:09\n", rows: ["1 10 5 1396867869"] },
  {
    name: "spreadsheet.csv",
    content: "sep=;\nuser;item;rating\n1;10;4,5\n",
    rows: ["1 10 4.5"],
    said: { decimals: /comma/ },
  },
  { name: "decimal-comma.csv", content: "user;item;rating\n1;10;4,5\n2;11;3\n", rows: ["1 10 4.5", "2 11 3"] },
  {
    name: "comma-of-decimals-or-thousands.csv",
    content: "user;item;plays\n1;10;1,234\n2;11;2,500\n",
    refused: /two ways[\s\S]*decimal: "comma"/,
    picks: [[{ decimal: "comma" }, ["1 10 1.2339999675750732", "2 11 2.5"]]],
  },
  {
    name: "quotes-as-text.tsv",
    content: 'u1\ta1\t5\tdie "x"\nu2\ta2\t4\t"weird" al\nu2\ta3\t3\t"heroes\n',
    rows: ["u1 a1 5", "u2 a2 4", "u2 a3 3"],
    said: { quotes: /plain/ },
  },
  {
    name: "quote-that-swallows.tsv",
    content: 'u1\ta1\t5\tx\nu2\ta3\t4\t"heroes\nu3\ta4\t3\tsay "\nu4\ta1\t2\ty\n',
    refused: /each of them is a row by itself[\s\S]*quote: "none"[\s\S]*quote: "doubled"/,
    picks: [[{ quote: "none" }, ["u1 a1 5", "u2 a3 4", "u3 a4 3", "u4 a1 2"]]],
  },
  {
    name: "quote-never-closed.csv",
    content: 'user,item,note\n1,10,"oops\n2,11,x\n',
    refused: /a quote is opened and never closed[\s\S]*quote: "none"/,
    picks: [[{ quote: "none" }, ["1 10 1", "2 11 1"]]],
  },
  {
    name: "backslash-quotes.csv",
    content: '"User-ID";"ISBN";"Book-Rating"\n"2";"034545104X";"0"\n"1";"\\"0432534220\\"";"5"\n',
    rows: ["2 034545104X 0", '1 "0432534220" 5'],
    said: { quotes: /backslash/ },
  },
];

const encodings: FileKind[] = [
  {
    name: "utf-16.csv",
    content: utf16("\uFEFFuser,item,rating\nJosé,10,5\n"),
    rows: ["José 10 5"],
    said: { encoding: /UTF-16LE/ },
  },
  {
    name: "latin-1.csv",
    content: latin1("user;item;rating\n1;café-1;5\n2;café-1;7\n"),
    rows: ["1 café-1 5", "2 café-1 7"],
    said: { encoding: /latin-1/ },
  },
  {
    name: "cyrillic.csv",
    content: Uint8Array.from([...latin1("user,item\n"), 0xc8, 0xe2, 0xe0, 0xed, ...latin1(",10\n")]),
    refused: /not UTF-8[\s\S]*encoding/,
    picks: [[{ encoding: "windows-1251" }, ["Иван 10 1"]]],
  },
  {
    name: "utf-8-and-latin-1.csv",
    content: Uint8Array.from([...Buffer.from("user,item\nJosé,1\n"), ...latin1("Zoë,2\n")]),
    refused: /not UTF-8/,
  },
];

/** Times, columns, delimiters and encodings as people have them. */
export const fileKinds: readonly FileKind[] = [...times, ...columns, ...delimiters, ...encodings];
