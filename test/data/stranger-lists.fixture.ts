import type { FileKind } from "./file-kinds.fixture";

const five = ["7 10 1", "7 12 1", "7 15 1", "8 10 1", "8 11 1"];
const timed = ["a 10 1 1600000000", "a 12 1 1600000031", "b 10 1 1600000050"];

const lists: FileKind[] = [
  {
    name: "user-colon-items.txt",
    content: "7: 10 12 15\n8: 10 11\n9:\n",
    rows: five,
    said: { delimiter: /": " after/ },
  },
  { name: "user-tab-items.txt", content: "7\t10,12,15\n8\t10,11\n", rows: five },
  {
    name: "user-colon-titles.txt",
    content: "ann: The Sting, Heat, Up\nbob: Heat\n",
    rows: ["ann The Sting 1", "ann Heat 1", "ann Up 1", "bob Heat 1"],
  },
  { name: "items-in-a-column.csv", content: 'user_id,items\n7,"10 12 15"\n8,10 11\n', rows: five },
  { name: "items-in-brackets.csv", content: "user_id,item_ids\n7,\"[10, 12, 15]\"\n8,\"['10', '11']\"\n", rows: five },
  {
    name: "items-under-another-name.csv",
    content: "user,item,rating\n7,10 12 15,5\n8,10 11,4\n",
    refused: /holds lists[\s\S]*format: "lists"/,
    picks: [[{ format: "lists" }, five]],
  },
  {
    name: "items-and-times.csv",
    content: "session_id,items,timestamps\na,10 12,1600000000 1600000031\nb,10,1600000050\n",
    rows: timed,
    said: { columns: /times = timestamps/ },
  },
  {
    name: "items-with-fewer-times.csv",
    content: "session_id,items,timestamps\na,10 12,1600000000\nb,10,1600000050\n",
    refused: /a list of 2 items with 1 times/,
  },
  { name: "item-colon-time.txt", content: "a 10:1600000000 12:1600000031\nb 10:1600000050\n", rows: timed },
  {
    name: "item-colon-time-alone.txt",
    content: "10:1600000000 12:1600000031\n10:1600000050\n",
    rows: ["1 10 1 1600000000", "1 12 1 1600000031", "2 10 1 1600000050"],
  },
  {
    name: "recbole-times.inter",
    content:
      "session_id:token\titem_id_list:token_seq\titem_id:token\ttimestamp_list:float_seq\ttimestamp:float\n" +
      "a\t10 12\t15\t1600000000 1600000031\t1600000040\n",
    rows: ["a 10 1 1600000000", "a 12 1 1600000031", "a 15 1 1600000040"],
  },
  {
    name: "lists.jsonl",
    content: '{"user": 7, "items": [10, 12, 15]}\n{"user": 8, "items": [10, 11]}\n',
    rows: five,
  },
  {
    name: "lists-in-lists.json",
    content: '{"playlists": [{"playlist_id": 7, "tracks": [{"track_uri": 10}, {"track_uri": 12}]}]}',
    rows: ["7 10 1", "7 12 1"],
  },
  {
    name: "items-and-ratings.csv",
    content: 'user_id,items,ratings\n7,"[10, 12]","[5, 4.5]"\n8,[10],[3]\n',
    rows: ["7 10 5", "7 12 4.5", "8 10 3"],
    said: { columns: /ratings = ratings/ },
  },
  {
    name: "item-colon-rating.txt",
    content: "7 10:5 12:4.5\n8 10:3\n",
    refused: /pairs of numbers[\s\S]*format: "adjacency"[\s\S]*LIBSVM/,
    picks: [[{ format: "adjacency" }, ["7 10 5", "7 12 4.5", "8 10 3"]]],
  },
  { name: "item-and-time-a-line.csv", content: "10,1600000000\n12,1600000031\n", refused: /holds times, not items/ },
  {
    name: "users.json",
    content: '{"7": [10, 12, 15], "8": [10, 11]}',
    rows: five,
    said: { format: /names are users/ },
  },
  { name: "ratings.json", content: '{"u7": {"10": 5}, "u8": {"11": 4.5}}', rows: ["u7 10 5", "u8 11 4.5"] },
  {
    name: "by-columns.json",
    content: '{"user": {"0": 7}, "item": {"0": 10}}',
    refused: /JSON by columns/,
  },
  {
    name: "ids-inside.jsonl",
    content:
      '{"user": {"id": 1}, "item": {"id": 10}, "rating": 5}\n{"user": {"id": 2}, "item": {"id": 11}, "rating": 4}\n',
    rows: ["1 10 5", "2 11 4"],
  },
  {
    name: "blocks.txt",
    content:
      "product/productId: 10\nreview/userId: 1\nreview/score: 5.0\nreview/time: 1600000000\n\n" +
      "product/productId: 11\nreview/userId: 2\nreview/score: 4.0\nreview/time: 1600000001\n",
    rows: ["1 10 5 1600000000", "2 11 4 1600000001"],
    said: { format: /blocks/ },
  },
  { name: "spmf.txt", content: "10 -1 12 -1 -2\n11 -1 -2\n", rows: ["1 10 1", "1 12 1", "2 11 1"] },
  {
    name: "matrix-with-gaps.csv",
    content: ",a,b,c\nu1,5,,\nu2,,4,3\nu3,1,2,3\nu4,,,5\n",
    refused: /look like a matrix[\s\S]*format: "matrix"/,
    picks: [[{ format: "matrix" }, ["u1 a 5", "u2 b 4", "u2 c 3", "u3 a 1", "u3 b 2", "u3 c 3", "u4 c 5"]]],
  },
  {
    name: "jester-unnamed.csv",
    content: "2,-7.82,99,8.79,99\n3,4.08,-0.29,99,6.36\n",
    refused: /three ways[\s\S]*format: "jester"/,
  },
];

const unread: FileKind[] = [
  { name: "arrays.jsonl", content: "[1, 10, 5]\n[2, 11, 4]\n", refused: /lines of JSON without objects[\s\S]*jq/ },
  {
    name: "markdown.md",
    content: "| user | item | rating |\n|---|---|---|\n| 1 | 10 | 5 |\n",
    refused: /drawn in text[\s\S]*grep/,
  },
  { name: "psql.txt", content: " user | item \n------+------\n    1 | 10\n(1 row)\n", refused: /drawn in text/ },
  { name: "single-quotes.csv", content: "'user','item'\n'1','10'\n", refused: /single quotes[\s\S]*tr/ },
  { name: "tuples.txt", content: "(1, 10, 5)\n(2, 11, 4)\n", refused: /tuples of Python[\s\S]*tr/ },
  { name: "weka.arff", content: "@relation r\n@attribute user numeric\n@data\n1,10,5\n", refused: /ARFF[\s\S]*sed/ },
  { name: "dump.sql", content: "INSERT INTO ratings VALUES (1,10,5),(2,11,4);\n", refused: /dump of a database/ },
];

/** Lists, JSON and text of a stranger that were misread, refused, or met a remedy that did not work. */
export const strangerLists: readonly FileKind[] = [...lists, ...unread];
