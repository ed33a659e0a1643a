import { gzipSync } from "node:zlib";
import { zip } from "../fixtures/hostile/zip";
import type { FileKind } from "./file-kinds.fixture";
import { parquetOfTwoRows } from "./parquet.fixture";

const table = "user,item,rating\n1,10,5\n2,11,4\n";
const rows = ["1 10 5", "2 11 4"];
const latin1 = (text: string) => Buffer.from(text, "latin1");
const bytes = (...values: number[]) => Uint8Array.from([...values, ...new Array<number>(600).fill(0)]);
const tar = () => {
  const block = Buffer.alloc(1024);
  block.write("ratings.csv\0", 0);
  block.write("ustar", 257);
  return block;
};

const lists: FileKind[] = [
  {
    name: "adjacency.txt",
    content: "0 1 2 3\n1 2\n2 \n3 1 3 4 5\n",
    rows: ["0 1 1", "0 2 1", "0 3 1", "1 2 1", "3 1 1", "3 3 1", "3 4 1", "3 5 1"],
    said: { format: /adjacency/ },
  },
  {
    name: "adjacency-of-equal-length.txt",
    content: "0 1 2 3\n1 2 4 5\n2 1 3 4\n",
    refused: /ways[\s\S]*format: "rows"[\s\S]*format: "adjacency"/,
    picks: [
      [{ format: "adjacency" }, ["0 1 1", "0 2 1", "0 3 1", "1 2 1", "1 4 1", "1 5 1", "2 1 1", "2 3 1", "2 4 1"]],
    ],
  },
  {
    name: "sessions.txt",
    content: "10 11 12\n11 15\n10 12 13 14\n",
    refused: /two ways[\s\S]*format: "adjacency"[\s\S]*format: "sequences"/,
    picks: [
      [
        { format: "sequences" },
        ["1 10 1", "1 11 1", "1 12 1", "2 11 1", "2 15 1", "3 10 1", "3 12 1", "3 13 1", "3 14 1"],
      ],
    ],
  },
  {
    name: "lists-of-names.txt",
    content: "ann up her\nben up\ncid her up jaws\n",
    refused: /two ways[\s\S]*format: "adjacency"/,
    picks: [[{ format: "adjacency" }, ["ann up 1", "ann her 1", "ben up 1", "cid her 1", "cid up 1", "cid jaws 1"]]],
  },
  {
    name: "list-and-target.txt",
    content: "1 1 2\t97\n3 4 5\t98\n",
    refused: /two readings fit[\s\S]*delimiter: "\\t"[\s\S]*delimiter: "blanks"[\s\S]*format: "sequences"/,
    picks: [[{ format: "sequences" }, ["1 1 1", "1 1 1", "1 2 1", "1 97 1", "2 3 1", "2 4 1", "2 5 1", "2 98 1"]]],
  },
  {
    name: "matrix.txt",
    content: "5 3 0 1\n4 0 0 1\n1 1 0 5\n",
    refused: /two ways[\s\S]*format: "matrix"/,
    picks: [
      [{ format: "matrix", missing: [0] }, ["1 1 5", "1 2 3", "1 4 1", "2 1 4", "2 4 1", "3 1 1", "3 2 1", "3 4 5"]],
    ],
  },
  {
    name: "matrix-with-names.csv",
    content: ",m1,m2,m3,m4\nann,5,,3,1\nben,,4,,2\n",
    refused: /no user column[\s\S]*format: "matrix"/,
    picks: [[{ format: "matrix" }, ["ann m1 5", "ann m3 3", "ann m4 1", "ben m2 4", "ben m4 2"]]],
  },
  {
    name: "jester.csv",
    content: "2,-7.5,8.75,99,99\n1,99,99,4,99\n",
    refused: /ways[\s\S]*format: "matrix"/,
    picks: [[{ format: "jester" }, ["1 1 -7.5", "1 2 8.75", "2 3 4"]]],
  },
  {
    name: "session-lists.inter",
    content: "session_id:token\titem_id_list:token_seq\titem_id:token\n1\t2 3\t15\n2\t16 17\t24\n",
    rows: ["1 2 1", "1 3 1", "1 15 1", "2 16 1", "2 17 1", "2 24 1"],
    said: { columns: /items = item_id_list:token_seq, then item_id:token/ },
  },
  {
    name: "lists-that-grow.inter",
    content: "user_id:token\titem_id_list:token_seq\titem_id:token\n1\t2 3\t4\n1\t2 3 4\t5\n",
    refused: /more than one list: two readings fit/,
    picks: [[{ format: "rows", columns: { item: "item_id:token" } }, ["1 4 1", "1 5 1"]]],
  },
];

const named: FileKind[] = [
  {
    name: "typed.inter",
    content: "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t10\t5\t1396867869\n",
    rows: ["1 10 5 1396867869"],
  },
  {
    name: "netflix.txt",
    content: "1:\n14,3,2005-09-06\n82,5,2005-05-13\n2:\n20,4,2005-09-05\n",
    rows: ["14 1 3 1125964800", "82 1 5 1115942400", "20 2 4 1125878400"],
  },
  { name: "netflix-probe.txt", content: "1:\n30878\n2:\n12837\n", rows: ["30878 1 1", "12837 2 1"] },
  {
    name: "behaviors.tsv",
    content: "1\tU1\t11/11/2019 9:05:58 AM\tN5 N4\tN1-1 N2-0\n2\tU2\t11/12/2019 6:11:30 PM\t\tN3-1\n",
    rows: ["U1 N1 1 1573463158", "U1 N2 0 1573463158", "U2 N3 1 1573582290"],
  },
  {
    name: "train-item-views.csv",
    content: "sessionId;userId;itemId;timeframe;eventdate\n1;NA;81766;526309;2016-05-09\n2;NA;31331;1000;2016-05-09\n",
    refused: /format: "diginetica"/,
    picks: [[{ format: "diginetica" }, ["1 81766 1 1462752526.309", "2 31331 1 1462752001"]]],
  },
  {
    name: "events.csv",
    content:
      "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257,view,355,\n1433224214164,992,addtocart,248,\n",
    rows: ["257 355 1 1433221332.117", "992 248 1 1433224214.164"],
    said: { hint: /retailrocket/, unused: /"event" \(view, addtocart\)/ },
  },
  {
    name: "events-of-one-type.csv",
    content:
      "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257,view,355,\n1433224214164,992,addtocart,248,\n",
    options: { format: "retailrocket", events: ["view"] },
    rows: ["257 355 1 1433221332.117"],
  },
  {
    name: "user_artists.dat",
    content: "userID\tartistID\tweight\n2\t51\t13883\n2\t52\t11690\n",
    options: { format: "lastfm" },
    rows: ["2 51 13883", "2 52 11690"],
  },
  {
    name: "plays-360k.tsv",
    content: 'u1\ta1\tdie "x"\t1099\nu2\ta2\t"weird" al\t29\nu2\t\t"heroes\t8\n',
    refused: /the third column holds no ratings[\s\S]*rating: 3[\s\S]*format: "lastfm"/,
    picks: [[{ format: "lastfm" }, ['u1 die "x" 1099', 'u2 "weird" al 29', 'u2 "heroes 8']]],
  },
  {
    name: "plays-1k.tsv",
    content: 'u1\t2009-05-04T23:08:57Z\tf1\tDeep Dish\t\tx "y\nu1\t2009-05-04T23:12:57Z\ta7\tDeep Dish\t\tz\n',
    refused: /format: "lastfm"/,
    picks: [
      [{ format: "lastfm" }, ["u1 Deep Dish 1 1241478537", "u1 Deep Dish 1 1241478777"]],
      [{ format: "lastfm", keep: "sum" }, ["u1 Deep Dish 2 1241478777"]],
    ],
  },
  {
    name: "steam-200k.csv",
    content: '15,Skyrim V,purchase,1.0,0\n15,Skyrim V,play,273.0,0\n15,"Warhammer 40,000",purchase,1.0,0\n',
    refused: /the third column holds no ratings[\s\S]*format: "steam"/,
    picks: [
      [{ format: "steam" }, ["15 Skyrim V 273"]],
      [
        { format: "steam", events: ["purchase"], columns: { rating: null } },
        ["15 Skyrim V 1", "15 Warhammer 40,000 1"],
      ],
    ],
  },
  {
    name: "steam_reviews.json",
    content: `{u'username': u'bob', u'hours': 1.5, u'product_id': u'10', u'early': True, u'date': u'2017-12-17', u'text': u'it\\'s {ok}'}\n`,
    options: { format: "steam" },
    rows: ["bob 10 1 1513468800"],
  },
  {
    name: "users_items.json",
    content:
      "{'user_id': 'a', 'items_count': 2, 'items': [{'item_id': '10', 'playtime': 6}, {'item_id': '20', 'playtime': 0}]}\n",
    rows: ["a 10 1", "a 20 1"],
  },
  {
    name: "BX-Book-Ratings.csv",
    content: latin1('"User-ID";"ISBN";"Book-Rating"\r\n"2";"034é";"0"\r\n"1";"\\"04\\"";"5"\r\n'),
    options: { format: "bookcrossing" },
    rows: ["2 034é 0", '1 "04" 5'],
  },
  {
    name: "rating.csv",
    content: "user_id,anime_id,rating\n1,20,-1\n1,24,10\n",
    rows: ["1 20 -1", "1 24 10"],
    said: { note: /1 rows are rated -1; if it means no rating: missing: \[-1\]/, hint: /anime/ },
  },
  {
    name: "rating-named.csv",
    content: "user_id,anime_id,rating\n1,20,-1\n1,24,10\n",
    options: { format: "anime" },
    rows: ["1 24 10"],
  },
  {
    name: "ta_feng.csv",
    content: "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PRODUCT_ID\n11/1/2000,011,45-49,471\n11/13/2000,004,45-49,472\n",
    options: { format: "ta-feng" },
    rows: ["011 471 1 973036800", "004 472 1 974073600"],
  },
  {
    name: "jester-as-rows.csv",
    content: "user,item,rating\n1,5,-7.5\n1,7,99\n",
    rows: ["1 5 -7.5", "1 7 99"],
    said: { note: /1 rows are rated 99/ },
  },
  {
    name: "jester-as-rows-missing.csv",
    content: "user,item,rating\n1,5,-7.5\n1,7,99\n",
    options: { missing: [99] },
    rows: ["1 5 -7.5"],
  },
];

const records: FileKind[] = [
  {
    name: "amazon.json",
    content:
      '{"reviewerID": "A0", "asin": "B0", "helpful": [0, 0], "reviewText": "It, is; \\"good\\" {", "overall": 1.0, "unixReviewTime": 1400000000}\n',
    rows: ["A0 B0 1 1400000000"],
  },
  {
    name: "yelp.json",
    content: '{"review_id": "0", "user_id": "u0", "business_id": "b0", "stars": 4.0, "date": "2014-02-11 10:00:01"}\n',
    rows: ["u0 b0 4 1392112801"],
  },
  {
    name: "array.json",
    content:
      '[\n  {"user": 9007199254740993, "item": 10, "rating": 5},\n  {"user": 2, "item": 11, "rating": null}\n]\n',
    options: { badRows: "drop" },
    rows: ["9007199254740993 10 5"],
  },
  { name: "columns.json", content: '{"user":{"0":1},"item":{"0":10}}', refused: /JSON by columns/ },
  { name: "arrays.json", content: "[[1,10,5],[2,11,4]]", refused: /JSON without objects/ },
  {
    name: "two.parquet",
    content: parquetOfTwoRows,
    rows: ["a 9007199254740993 4.5 1396867869", "b 11 3 1396867999"],
    said: { format: /Parquet/ },
  },
  { name: "damaged.parquet", content: "PAR1\u0015\u0004garbagePAR1", refused: /the Parquet file cannot be read/ },
  {
    name: "macos.zip",
    content: zip([
      { name: "ratings.csv", content: table },
      { name: "__MACOSX/._ratings.csv", content: "junk" },
      { name: ".DS_Store", content: "" },
    ]),
    rows,
  },
  {
    name: "two.zip",
    content: zip([
      { name: "r/ratings.csv", content: table },
      { name: "r/movies.csv", content: "movieId,title\n" },
    ]),
    refused: /holds 2 files[\s\S]*member: "r\/ratings.csv"/,
    picks: [[{ member: "r/ratings.csv" }, rows]],
  },
  {
    name: "book.xlsx",
    content: zip([
      { name: "xl/workbook.xml", content: "<x/>" },
      { name: "b", content: "" },
    ]),
    refused: /this is an Excel workbook/,
  },
  { name: "array.npz", content: zip([{ name: "data.npy", content: "x" }]), refused: /this is a NumPy archive/ },
  { name: "ratings.tar", content: tar(), refused: /this is a tar archive[\s\S]*tar -xf/ },
  { name: "ratings.tar.gz", content: gzipSync(tar()), refused: /this is a tar archive/ },
  { name: "ratings.csv.bz2", content: Buffer.from("BZh91AY&SY\0"), refused: /this is a bzip2 file[\s\S]*bunzip2/ },
  { name: "ratings.csv.xz", content: bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), refused: /this is an xz file/ },
  { name: "ratings.csv.zst", content: bytes(0x28, 0xb5, 0x2f, 0xfd), refused: /this is a zstd file/ },
  { name: "ratings.7z", content: bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), refused: /this is a 7z archive/ },
  {
    name: "ratings.db",
    content: Buffer.from("SQLite format 3\0"),
    refused: /this is an SQLite database[\s\S]*sqlite3/,
  },
  { name: "ratings.pkl", content: bytes(0x80, 4, 0x95), refused: /this is a pickle/ },
  { name: "page.csv", content: "<!DOCTYPE html><html></html>", refused: /this is a web page/ },
];

const bad: FileKind[] = [
  { name: "empty.csv", content: "", refused: /the file is empty/ },
  { name: "header-alone.csv", content: "user,item,rating\n", refused: /a header but no rows/ },
  {
    name: "two-of-a-hundred.csv",
    content: `user,item,rating\n${"7,10,5\n".repeat(98)}1,2\n3,4\n`,
    refused: /:100\n[\s\S]*badRows: "drop" would leave out 2 of 100 rows \(2 %\)/,
  },
  {
    name: "one-of-501.csv",
    content: `user,item,rating\n${"7,10,5\n".repeat(500)}1,2\n`,
    refused: /:502\n {2}remedy: badRows: "drop" leaves out 1 of 501 rows \(0.2 %\)/,
  },
  {
    name: "words-for-ratings.csv",
    content: "user,item,rating\n1,10,good\n2,11,bad\n",
    refused: /not a finite number[\s\S]*rating: null[\s\S]*2 of 2 rows \(100 %\)/,
    picks: [[{ columns: { rating: null } }, ["1 10 1", "2 11 1"]]],
  },
  {
    name: "no-event-of-the-type.csv",
    content: "user,item,event\n1,10,view\n",
    options: { events: ["buy"] },
    refused: /no row is left[\s\S]*1 x event "view"/,
  },
];

/** Lists, formats by name, records, archives, and files that nothing can be read from. */
export const formatKinds: readonly FileKind[] = [...lists, ...named, ...records, ...bad];
