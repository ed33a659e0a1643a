import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { InvalidDataError, sha256 } from "../../lib/core";
import { temporaryFolder } from "../temporary-folders";
import { filesOf } from "./published-files";

afterEach(() => vi.unstubAllEnvs());

it("takes published files from the folder it is given, and no others in their place", async () => {
  const folder = temporaryFolder("levels-");
  vi.stubEnv("RECSYS_LEVELS", folder);
  const file = join(folder, "somebody/something", "lists", "a.csv");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "1,2\n");
  const published = { repository: "somebody/something", commit: "0".repeat(40) };
  const found = await filesOf({ ...published, files: { "lists/a.csv": sha256("1,2\n") } });
  expect(found).toEqual(new Map([["lists/a.csv", file]]));
  await expect(filesOf({ ...published, files: { "lists/a.csv": sha256("1,3\n") } })).rejects.toThrow(InvalidDataError);
});
