import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { interactionsOf, type Row } from "../interactions.fixture";

function datasetOf(rows: readonly Row[]): data.Dataset {
  const interactions = interactionsOf(rows);
  const dataHash = data.dataHash(interactions);
  return {
    name: "own",
    interactions,
    dataHash,
    source: "own",
    droppedRows: {},
    leftOut: {},
    repeatedRows: 0,
    layout: {},
    gaps: [],
    licence: null,
    citation: null,
  };
}

const parts = ["train", "valid", "test"] as const;

describe("sessionDataset", () => {
  const rated = Array.from({ length: 200 }, (_, k) => ({
    user: `u${k % 20}`,
    item: `i${(k * 7) % 31}`,
    label: 1 + (k % 5),
    time: 1000 - k,
  }));

  it("keeps rows rated 4 and up, in order of time", () => {
    const { train, valid, test, interactions } = data.sessionDataset(datasetOf(rated));
    expect([...interactions.label].every((label) => label >= 4)).toBe(true);
    expect(data.sessionCount(train) + data.sessionCount(valid) + data.sessionCount(test)).toBe(8);
    for (const sessions of [train, valid, test])
      for (let session = 0; session < data.sessionCount(sessions); session++) {
        const times = Array.from(
          sessions.row.subarray(sessions.offsets[session], sessions.offsets[session + 1]),
          (row) => interactions.time![row],
        );
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
  });

  it("keeps every row of a file without ratings, in the file's order where it has no times", () => {
    const { train, valid, test } = data.sessionDataset(datasetOf(rated.map(({ user, item }) => ({ user, item }))));
    expect(train.item.length + valid.item.length + test.item.length).toBe(200);
    for (const { row } of [train, valid, test]) expect(row.length % 10).toBe(0);
  });

  it("names its split by a hash that every part, and the order, goes into", () => {
    const split = data.sessionDataset(datasetOf(rated));
    expect(data.sessionDataset(datasetOf(rated)).splitHash).toBe(split.splitHash);
    expect(data.sessionDataset(datasetOf(rated), { seed: 2 }).splitHash).not.toBe(split.splitHash);
    const turned = { ...split.test, item: Int32Array.from(split.test.item).reverse() };
    expect(data.sessionSplitHash({ ...split, test: turned })).not.toBe(split.splitHash);
  });

  it("counts", () => {
    const sessions = data.toSessions(
      interactionsOf(["aw", "ax", "ay", "bw", "bx"].map(([user, item]) => ({ user, item }))),
      {
        order: "rows",
      },
    );
    expect(data.sessionStatistics(sessions)).toEqual({
      sessions: 2,
      items: 3,
      interactions: 5,
      meanLength: 2.5,
      longest: 3,
    });
  });
});

describe("the published splits", () => {
  const published = /^\| (\S+) +\| (\d+) +\| (\d+) +\| (\d+) +\| `([0-9a-f]{64})` \|$/gm;
  const folder = process.env["RECSYS_DATA"] ?? "";

  it("are what data/README.md says", async (context) => {
    const table = [...(await readFile(core.repositoryFolder() + "/data/README.md", "utf8")).matchAll(published)];
    expect(table.length).toBeGreaterThanOrEqual(4);
    let checked = 0;
    for (const [, name, sessions, items, interactions, hash] of table) {
      const { variants } = data.datasetEntry(name);
      if (folder === "" || !existsSync(join(folder, variants[0].file))) continue;
      const found = await data.loadSessionDataset(name);
      const counts = parts.map((part) => data.sessionStatistics(found[part]));
      expect(found.splitHash).toBe(hash);
      expect(counts.reduce((sum, part) => sum + part.sessions, 0)).toBe(Number(sessions));
      expect(counts.reduce((sum, part) => sum + part.interactions, 0)).toBe(Number(interactions));
      expect(found.train.itemCount).toBe(Number(items));
      checked++;
    }
    if (checked === 0) context.skip("RECSYS_DATA names no folder with these datasets");
  });
});

describe("session files", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "sessions-"))));
  afterAll(() => rm(folder, { recursive: true }));

  it("come back as they were written", async () => {
    const set = data.generateInteractions({ userCount: 30, itemCount: 20, interactionsPerUser: 6 });
    const split = data.splitSessions(data.toSessions(set));
    await data.writeSessionFiles(folder, "own", split);
    const back = await data.readSessionFiles(folder, "own");
    for (const part of parts) {
      expect(back[part].item).toEqual(split[part].item);
      expect(back[part].offsets).toEqual(split[part].offsets);
    }
    expect([...parts.flatMap((part) => [...back[part].row])]).toEqual([...Array(set.user.length).keys()]);
    expect(data.sessionSplitHash({ ...back })).toBe(
      data.sessionSplitHash({ ...split, train: { ...split.train, itemCount: back.train.itemCount } }),
    );
  });

  it("are in SRU's form", async () => {
    await writeFile(join(folder, "sru_train.txt"), "1 5\n1 3\n2 1\n2 2\n");
    await writeFile(join(folder, "sru_valid.txt"), "7 6\r\n7 1\r\n");
    await writeFile(join(folder, "sru_test.txt"), "");
    const { train, valid, test } = await data.readSessionFiles(folder, "sru");
    expect([...train.offsets, ...train.item]).toEqual([0, 2, 4, 4, 2, 0, 1]);
    expect([...valid.item, valid.itemCount, data.sessionCount(test)]).toEqual([5, 0, 6, 0]);
    expect(train.items.toRaw(4)).toBe("5");
    await data.writeSessionFiles(folder, "again", { train, valid, test });
    expect(await readFile(join(folder, "again_train.txt"), "utf8")).toBe("1 5\n1 3\n2 1\n2 2\n");
  });

  it.each([
    ["1 0\n", /bad_train\.txt:1/],
    ["1 2\n1 x\n", /bad_train\.txt:2/],
    ["1 2\n2 2\n1 3\n", /session 1 goes on/],
    ["1 2 3\n", /not a session and an item/],
  ])("refuse %j and say where", async (content, message) => {
    for (const part of parts) await writeFile(join(folder, `bad_${part}.txt`), part === "train" ? content : "");
    await expect(data.readSessionFiles(folder, "bad")).rejects.toThrow(core.InvalidDataError);
    await expect(data.readSessionFiles(folder, "bad")).rejects.toThrow(message);
    await expect(data.readSessionFiles(folder, "none")).rejects.toThrow(core.NotFoundError);
  });
});
