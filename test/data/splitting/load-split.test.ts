import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { long } from "../../long";
import { rowsOf } from "../interactions.fixture";

let folder: string;
let said: string[];
let silence: () => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-split-"));
  said = [];
  silence = core.redirectAnnouncements((line) => said.push(line));
});
afterEach(async () => {
  silence();
  await rm(folder, { recursive: true, force: true });
});

async function files(texts: Readonly<Record<string, string>>) {
  const named = Object.entries(texts).map(([part, rows]) => [part, join(folder, `${part}.csv`), rows] as const);
  for (const [, path, rows] of named) await writeFile(path, `user,item,rating\n${rows}`);
  return Object.fromEntries(named.map(([part, path]) => [part, path])) as {
    train: string;
    valid?: string;
    test: string;
  };
}

describe("loadSplit", () => {
  test("a misspelt part, a missing one and what is no rows are refused by name", async () => {
    const sources = await files({ train: "a,x,5\n", test: "a,x,1\n" });
    const { test: left, train } = sources;
    await expect(data.loadSplit({ train, tets: left } as never)).rejects.toThrow(/no part "tets"[\s\S]*"test"/);
    await expect(data.loadSplit({ test: left } as never)).rejects.toThrow(/there is no train/);
    await expect(data.loadSplit({ train: 5, test: left } as never)).rejects.toThrow(/train is neither a path nor rows/);
  });

  test("reads three files under the ids of train, and says what train does not have", async () => {
    const sources = await files({ train: "a,x,5\nb,y,4\na,y,1\n", valid: "b,x,2\n", test: "c,x,1\nb,x,3\na,z,3\n" });
    const split = await data.loadSplit(sources, { leaks: "keep" });
    expect(split.unknownRows).toEqual({ valid: 0, test: 2 });
    expect(said).toContainEqual(expect.stringMatching(/2 of 3 rows of test have a user or item that train does not/));
    expect(rowsOf(split.test)).toEqual([{ user: "b", item: "x", label: 3 }]);
    expect([split.valid.users, split.test.items]).toEqual([split.train.users, split.train.items]);
    expect(split.hash).toBe(data.splitHash(split));
  });

  test("takes rows that are here, and needs no validation", async () => {
    const { train, test: path } = await files({ train: "a,x,5\nb,y,4\n", test: "a,y,3\n" });
    const rows = (await data.loadDataset(train)).interactions;
    const split = await data.loadSplit({ train: rows, test: path });
    expect([split.train.user.length, split.valid.user.length, split.test.user.length]).toEqual([2, 0, 1]);
  });

  test("refuses leaks, and a part that has nothing of train's", async () => {
    const leaking = await files({ train: "a,x,5\nb,y,4\n", test: "a,x,5\na,y,3\n" });
    await expect(data.loadSplit(leaking)).rejects.toThrow(/1 of 2 rows of test have a pair[^]*leaks: "drop"/);
    expect((await data.loadSplit(leaking, { leaks: "drop" })).test.user.length).toBe(1);
    const foreign = await files({ train: "a,x,5\n", test: "x,a,5\n" });
    await expect(data.loadSplit(foreign)).rejects.toThrow(/none of 1 rows of test[^]*same kind of ids/);
  });
});

describe("loadOwnSessions", () => {
  const log = [
    ...[0, 10, 20, 5000, 5010].map((time, k) => `a,i${k},${time}`),
    ...[0, 10, 10, 20].map((time, k) => `b,i${k},${time}`),
    "c,i0,0",
  ];
  const load = async (options: Partial<data.OwnSessionOptions> = {}) => {
    const path = join(folder, "log.tsv");
    await writeFile(path, log.map((line) => line.replaceAll(",", "\t")).join("\n"));
    const read = { header: false, columns: { user: 0, item: 1, rating: null, time: 2 } };
    return data.loadOwnSessions(path, { read, validShare: 0, testShare: 0, ...options });
  };
  const lengths = ({ train: { offsets } }: data.SessionDataset) => [
    ...offsets.slice(1).map((end, k) => end - offsets[k]),
  ];
  const itemsOf = ({ train }: data.SessionDataset) => Array.from(train.item, (item) => train.items.toRaw(item));

  test("cuts at pauses, leaves short sessions out, and says in which order ties come", async () => {
    expect(lengths(await load())).toEqual([5, 4]);
    expect(lengths(await load({ maxPauseSeconds: 60 }))).toEqual([3, 2, 4]);
    expect(lengths(await load({ maxPauseSeconds: 60, minLength: 3 }))).toEqual([3, 4]);
    expect(itemsOf(await load()).slice(5)).toEqual(["i0", "i1", "i2", "i3"]);
    expect([
      ...itemsOf(await load({ ties: "reversed" }))
        .join(" ")
        .matchAll(/i0 i2 i1 i3/g),
    ]).toHaveLength(1);
    const { splitHash } = await load();
    expect((await load({ ties: "reversed" })).splitHash).not.toBe(splitHash);
  });

  test("takes only frequent users and items, and refuses to leave nothing", async () => {
    expect(lengths(await load({ coreSize: 2 }))).toEqual([4, 4]);
    await expect(load({ minLength: 9 })).rejects.toThrow(/no session is left of 10 rows[^]*minLength/);
    await expect(load({ minRating: 4 })).rejects.toThrow(/no session is left/);
    await expect(load({ maxPauseSecond: 4 } as object)).rejects.toThrow(/did you mean "maxPauseSeconds"/);
  });
});

describe("protocolSplit", () => {
  const folderAtHand = process.env["RECSYS_DATA"];

  const hasPublishedHashes = async (name: string) => {
    const dataset = await data.loadDataset(name);
    const published = data.publishedSplits[name];
    for (const protocol of Object.keys(published) as data.Protocol[])
      expect(data.protocolSplit(protocol, dataset).hash, protocol).toBe(published[protocol]);
  };
  test.skipIf(folderAtHand === undefined)("ML-100K has the published hashes", () => hasPublishedHashes("ml-100k"));
  if (folderAtHand !== undefined) long("ML-1M too", () => hasPublishedHashes("ml-1m"), 60_000);

  test("refuses another name with the nearest", () => {
    const interactions = data.generateInteractions({ userCount: 9, itemCount: 9, interactionsPerUser: 5 });
    const dataset = { name: "own", interactions, dataHash: data.dataHash(interactions) };
    expect(() => data.protocolSplit("ifur" as "ifru", dataset)).toThrow(/did you mean "ifru"/);
    expect(() => data.protocolSplit("toString" as "ifru", dataset)).toThrow(/no protocol "toString"/);
  });
});
