import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatKinds } from "./file-formats.fixture";
import { fileKinds } from "./file-kinds.fixture";
import { strangerKinds } from "./stranger-files.fixture";
import { strangerLists } from "./stranger-lists.fixture";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-kinds-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function rowsOf({ interactions: { user, item, label, time, users, items } }: data.ParsedFile): string[] {
  return Array.from(user, (one, row) =>
    [users.toRaw(one), items.toRaw(item[row]), label[row], ...(time === undefined ? [] : [time[row]])].join(" "),
  );
}

describe("files as people have them: read as meant, or refused by name", () => {
  test.each([...fileKinds, ...formatKinds, ...strangerKinds, ...strangerLists])(
    "$name",
    async ({ name, content, options, rows, said = {}, refused, picks = [] }) => {
      const path = join(folder, name);
      await writeFile(path, content);
      if (refused !== undefined) {
        const error: unknown = await data.readInteractions(path, options).then(rowsOf, (thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(core.RecsysError);
        expect((error as Error).message).toMatch(refused);
        expect((error as core.RecsysError).remedy).toBeTruthy();
      } else {
        const read = await data.readInteractions(path, options);
        expect(rowsOf(read)).toEqual(rows);
        for (const [fact, words] of Object.entries(said)) expect(read.layout[fact]).toMatch(words);
      }
      for (const [picked, expected] of picks)
        expect(rowsOf(await data.readInteractions(path, picked))).toEqual(expected);
    },
  );
});
