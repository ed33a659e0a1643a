import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../temporary-folders";
import { interactionsOf } from "../interactions.fixture";

const day = 86_400;
const set = interactionsOf([
  { user: "anna", item: "up", label: 1, time: 0 },
  { user: "ben", item: "saw", label: 0, time: day },
  { user: "anna", item: "saw", label: 1, time: 2 * day },
  { user: "anna", item: "up", label: 0, time: 3 * day },
  { user: "cem", item: "heat", label: 1, time: NaN },
]);

function file(name: string, text: string | Uint8Array): string {
  const folder = temporaryFolder("recsys-asking-");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("requests by raw ids", () => {
  test("name rows of users, items and pairs, and describe them for records", () => {
    const request = data.usersRequest(set, ["anna"]);
    expect([...request.forgetRows]).toEqual([0, 2, 3]);
    expect(request).toMatchObject({ name: "user anna", train: set });
    expect(request.description).toMatchObject({
      ...{ kind: "users", text: "user anna", asked: { users: ["anna"] } },
      ...{ rows: 3, users: 1, items: 2 },
    });
    expect([...data.itemsRequest(set, ["saw", "heat"]).forgetRows]).toEqual([1, 2, 4]);
    expect([...data.pairsRequest(set, [["anna", "up"]]).forgetRows]).toEqual([0, 3]);
  });

  test("the hash is that of the rows, not of how they were asked for", () => {
    const byUser = data.usersRequest(set, ["cem"]).description;
    const byItem = data.itemsRequest(set, ["heat"]).description;
    expect(byUser.rowsSha256).toBe(byItem.rowsSha256);
    expect(byUser.rowsSha256).not.toBe(data.usersRequest(set, ["ben"]).description.rowsSha256);
  });

  test("every unknown id is listed at once; of many the first 20 and how many more", () => {
    expect(() => data.usersRequest(set, ["zoe", "anna", "yan"])).toThrow(
      /2 of 3 users asked for have no training row: "zoe", "yan"[\s\S]*such as "anna"/,
    );
    const many = Array.from({ length: 30 }, (_, k) => `nobody ${k}`);
    expect(() => data.usersRequest(set, many)).toThrow(/30 of 30 .*"nobody 19" and 10 more/);
    expect(() => data.pairsRequest(set, [["anna", "heat"]])).toThrow(/1 of 1 pairs .*"anna" with "heat"/);
    for (const nothing of [() => data.itemsRequest(set, []), () => data.pairsRequest(set, [])])
      expect(nothing).toThrow(core.NotFoundError);
  });

  test("a user that a split left without training rows is as unknown as any", () => {
    const without = data.selectRows(set, Int32Array.of(0, 1, 2, 3));
    expect(() => data.usersRequest(without, ["cem"])).toThrow(/1 of 1 users asked for have no training row: "cem"/);
  });

  test("long lists of ids stand in records as the first, the count and a hash", () => {
    const wide = interactionsOf(Array.from({ length: 25 }, (_, k) => ({ user: `u${k}`, item: "i" })));
    const ids = Array.from({ length: 25 }, (_, k) => `u${k}`);
    const { asked } = data.usersRequest(wide, ids).description;
    expect(asked["first users"]).toHaveLength(20);
    expect(asked["users asked for"]).toBe(25);
    expect(asked["users sha256"]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("requests by what rows are", () => {
  test("a predicate sees raw ids; its text is asked for, since its source says nothing", () => {
    const request = data.rowsRequest(set, ({ user, label }) => user === "anna" && label === 1, "likes of anna");
    expect([...request.forgetRows]).toEqual([0, 2]);
    expect(request.description.text).toBe("likes of anna");
    expect([...data.rowsRequest(set, ({ time }) => time === null, "untimed").forgetRows]).toEqual([4]);
    expect(() => data.rowsRequest(set, () => true, " ")).toThrow(/has no text/);
    expect(() => data.rowsRequest(set, () => false, "nothing")).toThrow(/no rows of nothing/);
  });

  test("a time span begins with its first moment and ends before its last; rows without a time are in none", () => {
    const rows = (period: data.Period) => [...data.periodRequest(set, period).forgetRows];
    expect(rows({ from: day, until: 3 * day })).toEqual([1, 2]);
    expect(rows({ from: "1970-01-02" })).toEqual([1, 2, 3]);
    expect(rows({ until: "1970-01-03T00:00:00Z" })).toEqual([0, 1]);
    expect(rows({ from: "1970-01-01T23:00:00-01:00", users: ["anna"] })).toEqual([2, 3]);
    expect(data.periodRequest(set, { from: day }).description.asked).toEqual({
      from: "1970-01-02T00:00:00Z",
      until: null,
    });
  });

  test.each([
    [{ from: "31.1.1998" }, /"31\.1\.1998" is not a date/],
    [{ from: "1998-01-31T12:00" }, /is not a date/],
    [{ from: 5, until: 5 }, /ends \(5\) before it begins \(5\)/],
    [{}, /neither from nor until/],
    [{ from: "2020-01-01" }, /no rows of .*2020[\s\S]*their times go from 1970-01-01T00:00:00Z to 1970-01-04/],
  ])("the span %j is refused", (period, message) => {
    expect(() => data.periodRequest(set, period)).toThrow(message);
  });

  test("without times there is no span", () => {
    expect(() => data.periodRequest(interactionsOf([{ user: "a", item: "b" }]), { from: 0 })).toThrow(/have no times/);
  });

  test("an attribute picks items; a misspelt value is answered with the nearest, foreign ids with the reason", () => {
    const genres = new Map([
      ["up", ["Comedy", "Drama"]],
      ["saw", ["Horror"]],
    ]);
    const rows = (choice: data.AttributeChoice) => [...data.attributeRequest(set, genres, choice).forgetRows];
    expect(rows({ attribute: "genre", value: "Horror" })).toEqual([1, 2]);
    expect(rows({ attribute: "genre", value: "Drama", users: ["anna"] })).toEqual([0, 3]);
    expect(() => rows({ attribute: "genre", value: "Horor" })).toThrow(/did you mean "Horror"/);
    expect(() => data.attributeRequest(set, new Map([["1", ["x"]]]), { attribute: "genre", value: "x" })).toThrow(
      /go by other ids/,
    );
  });

  test("a stream is requestStream's, each request described", () => {
    const options = { of: "interactions", requests: 3, size: 1 } as const;
    const stream = data.streamRequests(set, options);
    expect(stream.map(({ forgetRows }) => forgetRows)).toEqual(data.requestStream(set, options));
    expect(stream[1]).toMatchObject({ name: "request 2 of 3 (1 interactions)", description: { rows: 1 } });
  });
});

describe("requests from files", () => {
  test("ids stand one a line; blanks, a byte order mark and empty lines do not count", async () => {
    expect(await data.readIds(file("ids.txt", "\ufeffanna\r\n\r\n ben \n"))).toEqual(["anna", "ben"]);
    await expect(data.readIds(file("empty.txt", "\n \n"))).rejects.toThrow(/ids\b/);
    await expect(data.readIds("/nowhere/ids.txt")).rejects.toThrow(core.NotFoundError);
    await expect(data.readIds(file("bytes.txt", Uint8Array.of(0xff, 0xfe, 0x00)))).rejects.toThrow(/not UTF-8/);
  });

  test("a header is an id like the others, and is named as unknown", async () => {
    const ids = await data.readIds(file("users.csv", "user_id\nanna\n"));
    expect(() => data.usersRequest(set, ids)).toThrow(/1 of 2 users .*"user_id"/);
  });

  test("pairs are read as interactions are", async () => {
    expect(await data.readPairs(file("pairs.csv", "item,user\nup,anna\nsaw,ben\n"))).toEqual([
      ["anna", "up"],
      ["ben", "saw"],
    ]);
  });

  test("attributes are read by name or position, quotes and separators as they are", async () => {
    const csv = file("movies.csv", 'movieId,title,genres\n1,"Up, up",Comedy|Drama\n2,Saw,\n');
    expect([...(await data.readItemAttributes(csv, { separator: "|" }))]).toEqual([
      ["1", ["Comedy", "Drama"]],
      ["2", []],
    ]);
    expect((await data.readItemAttributes(csv, { attribute: "title" })).get("1")).toEqual(["Up, up"]);
    const inter = file("a.item", 'item_id:token\tclass:token_seq\n7\tWar "old"\n');
    expect([...(await data.readItemAttributes(inter, { attribute: "class" }))]).toEqual([["7", ['War "old"']]]);
    await expect(data.readItemAttributes(csv, { attribute: "genre" })).rejects.toThrow(/did you mean "genres"/);
    await expect(data.readItemAttributes(csv, { item: 3 })).rejects.toThrow(/no column 3[\s\S]*0 to 2/);
    const twice = file("twice.csv", "i,g\n1,a\n1,b\n");
    await expect(data.readItemAttributes(twice)).rejects.toThrow(/item "1" stands twice/);
    await expect(data.readItemAttributes(file("bad.csv", 'i,g\n1,"a\n'))).rejects.toThrow(core.InvalidDataError);
  });
});

describe("requests about sessions", () => {
  const rows = ["a", "b", "c"].flatMap((user) =>
    ["x", "y", "z", "w"].map((item, k) => ({ user, item, label: 5, time: k })),
  );
  const dataset = data.sessionDataset(
    { name: "tiny", interactions: interactionsOf(rows), dataHash: "" },
    { validShare: 0, testShare: 0.34 },
  );

  test("keep the rows that stand in training sessions, and count the others", () => {
    const request = data.sessionRequest(dataset, data.itemsRequest(dataset.interactions, ["y"]));
    expect(request.forgetRows).toHaveLength(2);
    expect(request.description).toMatchObject({ rows: 2, users: 2, items: 1, asked: { notInTraining: 1 } });
    expect(request.samples.target).toHaveLength(2);
  });

  test("a user whose session is kept for testing is refused", () => {
    const tester = dataset.interactions.users.toRaw(dataset.test.user[0]);
    const asked = data.usersRequest(dataset.interactions, [tester]);
    expect(() => data.sessionRequest(dataset, asked)).toThrow(/no training session has a row of user/);
  });
});
