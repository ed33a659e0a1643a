import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { latestUsersRows } from "../../lib/data/catalogue/latest-users";
import { loadEntry } from "../../lib/data/catalogue/load-dataset";
import { interactionsOf } from "./interactions.fixture";
import { file, serve } from "./server.fixture";

let folder: string;
let silence: () => void;
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-catalogue-"));
  vi.stubEnv("RECSYS_CACHE", join(folder, "cache"));
  vi.stubEnv("RECSYS_DATA", folder);
  silence = core.redirectAnnouncements((line) => said.push(line));
});
afterEach(async () => {
  silence();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The rows of a dataset of the catalogue whose file is here, as text. */
async function rowsOf(name: string): Promise<string[]> {
  const { interactions } = await data.loadDataset(name, { offline: true });
  const { user, item, label, time, users, items } = interactions;
  return Array.from(user, (one, k) =>
    [users.toRaw(one), items.toRaw(item[k]), label[k], ...(time === undefined ? [] : [time[k]])].join(" "),
  );
}

describe("datasets that are read by the name of their format", () => {
  test.each([
    [
      "ml-10m",
      "ml-10m.dat",
      "1::122::5::838985046\n1::185::4.5::838983525\n",
      ["1 122 5 838985046", "1 185 4.5 838983525"],
    ],
    ["ml-20m", "ml-20m.csv", "userId,movieId,rating,timestamp\n1,2,3.5,1112486027\n", ["1 2 3.5 1112486027"]],
    ["anime", "anime-rating.csv", "user_id,anime_id,rating\n1,20,-1\n1,24,10\n", ["1 24 10"]],
    ["lastfm", "user_artists.dat", "userID\tartistID\tweight\n2\t51\t13883\n", ["2 51 13883"]],
    [
      "steam",
      "steam_reviews.json.gz",
      "{u'username': u'a', u'product_id': u'7', u'date': u'2017-12-17'}\n",
      ["a 7 1 1513468800"],
    ],
    [
      "yoochoose-1-64",
      "yoochoose-clicks.dat",
      "1,2014-04-07T10:51:09.000Z,9,0\n2,2014-04-08T10:51:09.000Z,8,0\n",
      ["2 8 1 1396954269"],
    ],
    [
      "diginetica",
      "train-item-views.csv",
      "sessionId;userId;itemId;timeframe;eventdate\n1;NA;81;9000;2016-05-09\n",
      ["1 81 1 1462752009"],
    ],
    [
      "retailrocket",
      "retailrocket-events.csv",
      "timestamp,visitorid,event,itemid,transactionid\n1433221332117,25,view,35,\n",
      ["25 35 1 1433221332.117"],
    ],
    [
      "ta-feng",
      "ta_feng_all_months_merged.csv",
      "TRANSACTION_DT,CUSTOMER_ID,PRODUCT_ID\n11/13/2000,004,47\n",
      ["004 47 1 974073600"],
    ],
  ])("%s", async (name, path, content, expected) => {
    await writeFile(join(folder, path), content);
    expect(await rowsOf(name)).toEqual(expected);
  });

  test("one without an address says what to put where", async () => {
    await expect(data.loadDataset("retailrocket")).rejects.toThrow(
      /cannot be had\n {2}remedy: get it from https:\/\/www\.kaggle[\s\S]*retailrocket-events\.csv[\s\S]*no address/,
    );
  });
});

test("what an address gives is held against its publisher's md5", async () => {
  const bytes = new TextEncoder().encode("user,item\na,x\n");
  const server = await serve(file(bytes));
  const md5 = createHash("md5").update(bytes).digest("hex");
  const entry = (sum: string): data.DatasetEntry => ({
    ...data.datasetEntry("ml-20m"),
    variants: [{ file: "t.csv", gaps: [] }],
    origins: [{ kind: "address", url: `${server.url}/t.csv`, md5: sum, file: "t.csv", maxBytes: 1000 }],
  });
  try {
    await expect(loadEntry("wrong", entry("0".repeat(32)), "", false)).rejects.toThrow(
      /has md5 .* its publisher states/,
    );
    expect(data.rowCount((await loadEntry("right", entry(md5), "", false)).interactions)).toBe(1);
  } finally {
    await server.close();
  }
});

test("the users whose last row is latest, rounded up", () => {
  const interactions = interactionsOf([
    { user: "a", item: "x", label: 1, time: 9 },
    { user: "b", item: "x", label: 1, time: 5 },
    { user: "c", item: "y", label: 1, time: 7 },
    { user: "b", item: "y", label: 1, time: 8 },
  ]);
  expect([...latestUsersRows(interactions, 0.5)]).toEqual([0, 1, 3]);
  expect([...latestUsersRows(interactions, 0.01)]).toEqual([0]);
});

test("genres of Anime, by item", async () => {
  expect((await data.loadItemCategories("anime")).size).toBe(0);
  expect(said.at(-1)).toMatch(/anime-items\.csv is not on this machine/);
  await writeFile(
    join(folder, "anime-items.csv"),
    'anime_id,name,genre\n20,"N, the",Action\n24,S,"Hentai, Drama"\n32,T,\n',
  );
  expect([...(await data.loadItemCategories("anime"))]).toEqual([
    ["20", ["Action"]],
    ["24", ["Hentai", "Drama"]],
    ["32", []],
  ]);
});
