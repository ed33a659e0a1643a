import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { core, data } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostileCases } from "../fixtures/hostile/cases";
import { rowsOf } from "./interactions.fixture";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-hostile-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reading must end in a typed error that names the file and a remedy. */
async function expectRefusal(reading: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await reading.then(
    () => expect.fail("it was read"),
    (thrown: unknown) => thrown as core.RecsysError,
  );
  expect(error).toBeInstanceOf(core.RecsysError);
  expect(error.message).toMatch(message);
  expect(error.where).toContain(folder);
  expect(error.remedy).toBeTruthy();
}

describe("hostile files", () => {
  test.each(hostileCases)("$name", async ({ name, bytes, options, rows, dropped = 0, error }) => {
    await writeFile(at(name), bytes);
    const reading = data.readInteractions(at(name), options);
    if (error !== undefined) return expectRefusal(reading, error);
    const { interactions, droppedRows } = await reading;
    expect(rowsOf(interactions).map(({ user, item, label }) => `${user} ${item} ${label}`)).toEqual(rows);
    expect(Object.values(droppedRows).reduce((sum, count) => sum + count, 0)).toBe(dropped);
  });

  test("nothing of them reaches Object.prototype", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["user"]).toBeUndefined();
  });

  test("a line of 100 MB is refused before it is read", async () => {
    const file = await open(at("line"), "w");
    await file.write("user,item\n");
    for (let k = 0; k < 100; k++) await file.write(Buffer.alloc(1 << 20, "x"));
    await file.close();
    const before = process.memoryUsage().arrayBuffers;
    await expectRefusal(data.readInteractions(at("line")), /a record of more than 1048576 bytes[\s\S]*:2\n/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 << 20);
  });

  test("a first line of 100 MB too", async () => {
    const file = await open(at("first-line"), "w");
    for (let k = 0; k < 100; k++) await file.write(Buffer.alloc(1 << 20, "x"));
    await file.close();
    await expectRefusal(data.readInteractions(at("first-line")), /a record of more than 1048576 bytes[\s\S]*:1\n/);
  });

  test("an unknown option is answered with the nearest", async () => {
    await expect(data.readInteractions(at("x"), { delimeter: "," } as object)).rejects.toThrow(
      /did you mean "delimiter"/,
    );
  });
});

describe("hostile paths", () => {
  test("nothing there", () => expectRefusal(data.readInteractions(at("nowhere")), /no such file/));
  test("nothing at a relative path, saying where it looked", () =>
    expect(data.loadDataset("nowhere.csv")).rejects.toMatchObject({ where: join(process.cwd(), "nowhere.csv") }));

  test("a folder", async () => {
    await mkdir(at("folder.csv"));
    await expectRefusal(data.readInteractions(at("folder.csv")), /this is a folder/);
  });

  test.skipIf(process.platform === "win32")("a pipe that nobody writes to", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    await expectRefusal(data.readInteractions(at("pipe")), /this is a pipe/);
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) console.log("skipped: a file that may not be read (root may read every file)");
  test.skipIf(isRoot)("a file that may not be read", async () => {
    await writeFile(at("secret"), "user,item\na,x\n");
    await chmod(at("secret"), 0);
    await expectRefusal(data.readInteractions(at("secret")), /may not be read/);
  });
});
