import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { knownContent } from "../../lib/data/catalogue/known-contents";
import { temporaryFolder } from "../temporary-folders";

const content = (digit: string) => digit.repeat(64);

describe("the hash of a content that was found before", () => {
  let folder: string;
  let file: string;
  let found: string;
  const find = vi.fn(() => Promise.resolve(found));
  const ask = (how: object = {}) => knownContent("ratings", file, how, find);
  beforeEach(async () => {
    folder = temporaryFolder("known");
    vi.stubEnv("RECSYS_CACHE", join(folder, "cache"));
    file = join(folder, "ratings.csv");
    await writeFile(file, "user,item\n1,2\n");
    found = content("a");
    find.mockClear();
    return () => vi.unstubAllEnvs();
  });

  it("is not sought again, in another process neither", async () => {
    expect([await ask(), await ask()]).toEqual([content("a"), content("a")]);
    expect(find).toHaveBeenCalledTimes(1);
    expect(await readdir(join(folder, "cache", "known-contents"))).toEqual(["ratings.json"]);
  });

  it("is sought again for other bytes, another way to read, and other code", async () => {
    await ask();
    found = content("b");
    expect(await ask({ delimiter: ";" })).toBe(content("b"));
    await writeFile(file, "user,item\n1,3\n");
    found = content("c");
    expect(await ask()).toBe(content("c"));
    const cache = join(folder, "cache", "known-contents", "ratings.json");
    const { contents } = JSON.parse(await readFile(cache, "utf8")) as { contents: object };
    await writeFile(cache, JSON.stringify({ readers: content("0"), contents }));
    found = content("d");
    expect(await ask()).toBe(content("d"));
  });

  it("is sought where the file of hashes is damaged, or none can be written", async () => {
    await ask();
    const cache = join(folder, "cache", "known-contents", "ratings.json");
    for (const damaged of ["", "{", '{"readers":1}', '{"contents":{"x":"y"}}']) {
      await writeFile(cache, damaged);
      find.mockClear();
      expect(await ask()).toBe(content("a"));
      expect(find).toHaveBeenCalledTimes(1);
    }
    await rm(join(folder, "cache"), { recursive: true });
    await mkdir(join(folder, "cache"));
    await writeFile(join(folder, "cache", "known-contents"), "a file in the way");
    expect(await ask()).toBe(content("a"));
  });

  it("is nothing that failed, and nothing of a file that is not there", async () => {
    find.mockRejectedValueOnce(new RangeError("refused"));
    await expect(ask()).rejects.toThrow(RangeError);
    expect(await ask()).toBe(content("a"));
    await rm(file);
    find.mockRejectedValueOnce(new RangeError("no such file"));
    await expect(ask()).rejects.toThrow("no such file");
  });
});
