import type { FileKind } from "./file-kinds.fixture";

const rows = ["1 10 5", "2 11 4"];
const day = 1551657600; // 2019-03-04
const dated = (name: string, first: string, second: string, seconds: readonly [number, number]): FileKind => ({
  name,
  content: `user,item,rating,date\n1,10,5,"${first}"\n2,11,4,"${second}"\n`,
  rows: [`1 10 5 ${seconds[0]}`, `2 11 4 ${seconds[1]}`],
});

const times: FileKind[] = [
  dated("month-short.csv", "04 Mar 2019", "5 Mar 2019 10:30", [day, day + 86400 + 37800]),
  dated("month-long.csv", "March 4, 2019", "Mar. 5th, 2019 at 10:30 PM", [day, day + 86400 + 81000]),
  dated("month-and-weekday.csv", "Mon, 04 Mar 2019 10:30:00 GMT", "Tuesday, March 5, 2019", [day + 37800, day + 86400]),
  dated("month-as-twitter.csv", "Mon Mar 04 10:30:00 +0200 2019", "Tue Mar 05 00:00:00 -0700 2019", [
    day + 30600,
    day + 86400 + 25200,
  ]),
  dated("month-as-javascript.csv", "Mon Mar 04 2019 10:30:00 GMT+0100 (CET)", "2019-Mar-05", [
    day + 34200,
    day + 86400,
  ]),
  {
    ...dated("month-short-year.csv", "04-Mar-19", "04-MAR-99", [day, 920505600]),
    said: { times: /years of two digits taken as 1969 to 2068/ },
  },
  {
    name: "month-unknown.csv",
    content: "user,item,rating,date\n1,10,5,04 Foo 2019\n2,11,4,05 Foo 2019\n",
    refused: /in no form that is read[\s\S]*time: null/,
  },
  dated("month-and-zone.csv", "Mon, 04 Mar 2019 10:30:00 PST", "2019-3-5 9:05", [day + 66600, day + 86400 + 32700]),
  {
    name: "years-of-two-digits.csv",
    content: "user,item,rating,date\n1,10,5,03/04/19\n2,11,4,03/05/19\n",
    refused: /no form that is read[\s\S]*timeUnit: "day-first" or timeUnit: "month-first"/,
    picks: [[{ timeUnit: "month-first" }, [`1 10 5 ${day}`, `2 11 4 ${day + 86400}`]]],
  },
  {
    name: "dates-with-points.csv",
    content: "user;item;rating;bought\n1;10;5;24.12.2014\n2;11;4;03.01.2015\n",
    rows,
    said: { unused: /look like times/ },
  },
  {
    name: "date-then-clock.csv",
    content: "user,item,rating,date,time\n1,10,5,2019-03-04,10:30\n2,11,4,2019-03-05,11:00\n",
    refused: /date and the time of day[\s\S]*time: "date"/,
    picks: [[{ columns: { time: "date" } }, [`1 10 5 ${day}`, `2 11 4 ${day + 86400}`]]],
  },
  {
    name: "time-zero.csv",
    content: `user,item,rating,timestamp\n1,10,5,0\n2,11,4,${day}\n`,
    rows: ["1 10 5 0", `2 11 4 ${day}`],
    said: { times: /some of them 0/ },
  },
];

const labels: FileKind[] = [
  {
    name: "liked.csv",
    content: "user,item,liked\n1,10,true\n2,11,False\n",
    rows: ["1 10 1", "2 11 0"],
    said: { labels: /true is 1, false is 0/ },
  },
  { name: "click.csv", content: "uid,iid,click\n1,10,1\n2,11,0\n", rows: ["1 10 1", "2 11 0"] },
  {
    name: "no-name-of-ratings.csv",
    content: "user,item,bought\n1,10,1\n2,11,0\n",
    refused: /"bought"[\s\S]*rating: "bought"[\s\S]*rating: null/,
    picks: [
      [{ columns: { rating: "bought" } }, ["1 10 1", "2 11 0"]],
      [{ columns: { rating: null } }, ["1 10 1", "2 11 1"]],
    ],
  },
  {
    name: "other-language.csv",
    content: "Kunde;Artikel;Sterne\n1;10;5\n2;11;4\n",
    refused: /user: "Kunde", item: "Artikel", rating: "Sterne"/,
    picks: [[{ columns: { user: "Kunde", item: "Artikel", rating: "Sterne" } }, rows]],
  },
  { name: "brackets-in-a-name.csv", content: "User ID,Item ID,Rating (1-5)\n1,10,5\n2,11,4\n", rows },
  {
    name: "four-of-five.csv",
    content: "user,item,rating\n1,10,5/5\n2,11,4/5\n",
    rows,
    said: { labels: /"5\/5" is 5/ },
  },
  { name: "stars-in-words.csv", content: "1,10,1 star\n2,11,4.5 stars\n", rows: ["1 10 1", "2 11 4.5"] },
  { name: "stars-drawn.csv", content: "user,item,rating\n1,10,★★★★★\n2,11,★★★★☆\n", rows },
  { name: "thumbs.csv", content: "user,item,rating\n1,10,👍\n2,11,👎\n", rows: ["1 10 1", "2 11 0"] },
  {
    name: "of-two-scales.csv",
    content: "user,item,rating\n1,10,4/5\n2,11,8/10\n",
    refused: /a rating that is not a finite number/,
  },
  {
    name: "thousands.csv",
    content: 'user,item,plays\n1,10,"1,204"\n2,11,"3,550"\n',
    refused: /two ways[\s\S]*decimal: "comma"[\s\S]*decimal: "point"/,
    picks: [
      [{ decimal: "comma" }, [`1 10 ${Math.fround(1.204)}`, `2 11 ${Math.fround(3.55)}`]],
      [{ decimal: "point" }, ["1 10 1204", "2 11 3550"]],
    ],
  },
  {
    name: "thousands-with-points.csv",
    content: "user;item;plays\n1;10;1.204\n2;11;3.550\n3;11;17\n",
    refused: /two ways[\s\S]*decimal: "point"[\s\S]*decimal: "comma"/,
    picks: [[{ decimal: "comma" }, ["1 10 1204", "2 11 3550", "3 11 17"]]],
  },
  {
    name: "thousands-beyond-doubt.csv",
    content: "user;item;rating\n1;10;1.234,50\n2;11;12,25\n",
    rows: ["1 10 1234.5", "2 11 12.25"],
    said: { decimals: /after a comma, thousands set apart by a point/ },
  },
];

const repeated = Array.from({ length: 24 }, (_, k) => `${k % 7},${10 + (k % 8)},${410 + (k % 8)},buy,${day + k}\n`);

const columns: FileKind[] = [
  {
    name: "category-third.csv",
    content: repeated.join(""),
    refused: /same for all rows of an item[\s\S]*user: 0, item: 1, rating: null, time: 4/,
  },
  {
    name: "category-third-of-few.csv",
    content: `1,10,4101,buy,${day}\n2,11,4102,pv,${day}\n`,
    refused: /too large for ratings[\s\S]*user: 0, item: 1, rating: null, time: 4/,
  },
  {
    name: "amazon-item-first.csv",
    content: `B00004T8R2,A1YS9MDZP93857,5.0,${day}\nB0000VIZWU,A3TS466QBAWB9D,4.0,${day}\n`,
    refused: /products of Amazon[\s\S]*user: 1, item: 0/,
    picks: [
      [
        { columns: { user: 1, item: 0, rating: 2, time: 3 } },
        [`A1YS9MDZP93857 B00004T8R2 5 ${day}`, `A3TS466QBAWB9D B0000VIZWU 4 ${day}`],
      ],
    ],
  },
  {
    name: "judgements.txt",
    content: "1 0 10 5\n2 0 11 4\n2 0 10 3\n",
    refused: /same in all rows[\s\S]*user: 0, item: 2, rating: 3/,
    picks: [[{ columns: { user: 0, item: 2, rating: 3, time: null } }, [...rows, "2 10 3"]]],
  },
  {
    name: "more-than-four.txt",
    content: "1,10,2,107,5,2019-03-04\n2,11,3,108,4,2019-03-05\n",
    refused: /more than four[\s\S]*time: 5/,
  },
  {
    name: "letters-and-two-colons.dat",
    content: `u1::m10::5.0::${day}\nu2::m11::4.0::${day}\nu1::m11::3.0::${day}\nu2::m10::2.0::${day}\n`,
    rows: [`u1 m10 5 ${day}`, `u2 m11 4 ${day}`, `u1 m11 3 ${day}`, `u2 m10 2 ${day}`],
  },
  { name: "zero-width.csv", content: "user,\u200bitem,rating\n1,10,5\n2,11,4\n", rows },
  {
    name: "check-ins.txt",
    content: "7\t2010-10-19T23:55:27Z\t30.23\t-97.79\t22847\n8\t2010-10-18T22:17:43Z\t30.26\t-97.74\t420315\n",
    refused: /user: 0, item: 4, rating: null, time: 1(?![\s\S]*format)/,
    picks: [
      [{ columns: { user: 0, item: 4, rating: null, time: 1 } }, ["7 22847 1 1287532527", "8 420315 1 1287440263"]],
    ],
  },
  { name: "blanks-around-commas.csv", content: "user , item , rating\n1 , 10 , 5\n2 , 11 , 4\n", rows },
  {
    name: "blanks-at-the-end-of-ids.csv",
    content: "user, item, rating\n1, Ten , 5\n2, Eleven, 4\n",
    rows: ["1 Ten  5", "2 Eleven 4"],
    said: { blanks: /"item" \(such as "Ten "\)/ },
  },
  {
    name: "blanks-before-wide-columns.txt",
    content: "   1.5e+00   1.0e+01   5.0e+00\n   2.5e+00   1.1e+01   4.0e+00\n",
    rows: ["1.5e+00 1.0e+01 5", "2.5e+00 1.1e+01 4"],
  },
  {
    name: "short-first-row.csv",
    content: `1,10,5\n${Array.from({ length: 9 }, (_, k) => `${k},11,4,${day}\n`).join("")}`,
    refused: /a row of 3 fields where most have 4[\s\S]*1 of 10 rows/,
  },
  {
    name: "role-that-is-none.csv",
    content: "a,b,c\n1,10,5\n",
    options: { columns: { usr: "a" } as never },
    refused: /"usr"[\s\S]*"user"/,
  },
  {
    name: "latin1-header.csv",
    content: Buffer.from("benutzer;größe;bewertung\n1;10;5\n2;11;4\n", "latin1"),
    refused: /item: "größe", rating: "bewertung"/,
    picks: [[{ columns: { user: "benutzer", item: "größe", rating: "bewertung" } }, rows]],
  },
  {
    name: "carriage-returns.csv",
    content: "user,item,rating\r1,10,5\r2,11,4\r",
    rows,
    said: { encoding: /carriage returns/ },
  },
];

/** Dates, labels and columns of a stranger's files that were misread, refused, or met a remedy that did not work. */
export const strangerKinds: readonly FileKind[] = [...times, ...labels, ...columns];
