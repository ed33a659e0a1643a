import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseTitles } from "../../lib/data/catalogue/item-titles";

describe("titles of items", () => {
  let folder: string;
  let said: string[];
  let silence: () => void;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "titles-"));
    vi.stubEnv("RECSYS_CACHE", join(folder, "cache"));
    vi.stubEnv("RECSYS_DATA", folder);
    said = [];
    silence = core.redirectAnnouncements((line) => said.push(line));
  });
  afterEach(async () => {
    silence();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it("have their year where it is known", () => {
    const text =
      "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass\n12\tUsual Suspects, The\t1995\tCrime\n267\tunknown\t\t\n";
    expect([...parseTitles(text)]).toEqual([
      ["12", "Usual Suspects, The (1995)"],
      ["267", "unknown"],
    ]);
  });

  it("are none, and said to be, where the dataset has none", async () => {
    expect((await data.loadItemTitles("ml-1m")).size).toBe(0);
    expect(said.join()).toContain("ml-1m: its items have no titles");
    await expect(data.loadItemTitles("ml-100")).rejects.toThrow(/did you mean "ml-100k"/);
  });

  it("of another file are refused", async () => {
    await writeFile(join(folder, "ml-100k.item"), "item_id:token\n1\tNot Toy Story\t1995\n");
    await expect(data.loadItemTitles("ml-100k")).rejects.toThrow(core.InvalidDataError);
  });
});
