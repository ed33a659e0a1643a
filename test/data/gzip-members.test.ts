import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { core, data } from "recsys-unlearning";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gzip-members-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const member = (from: number, rows: number) =>
  gzipSync(Array.from({ length: rows }, (_, k) => `u${from + k},i${(from + k) % 7},5\n`).join(""));
const first = Buffer.concat([gzipSync("user,item,rating\n"), member(0, 2)]);

async function rowsOf(...parts: Uint8Array[]): Promise<number> {
  const path = join(folder, "file.csv.gz");
  await writeFile(path, Buffer.concat(parts));
  return data.rowCount((await data.readInteractions(path)).interactions);
}

test.each([0, 1, 2, 511, 512, 10_240, 262_144, 1_000_000])(
  "a member after %i bytes of padding is read",
  async (zeros) => {
    expect(await rowsOf(first, new Uint8Array(zeros), member(2, 3))).toBe(5);
    expect(await rowsOf(first, new Uint8Array(zeros))).toBe(2);
    expect(await rowsOf(first, new Uint8Array(zeros), member(2, 3), new Uint8Array(zeros), member(5, 30_000))).toBe(
      30_005,
    );
  },
);

test.each([0, 9])("what is no member after %i bytes of padding is an error, not the end", async (zeros) => {
  for (const rest of ["u9,i9,5\n", "\u001f", "PK\u0003\u0004"]) {
    const failed = rowsOf(first, new Uint8Array(zeros), Buffer.from(rest));
    await expect(failed).rejects.toThrow(/gzip stream is (damaged|cut off)/);
    await expect(failed).rejects.toBeInstanceOf(core.InvalidDataError);
  }
});

test("a member that is cut off after padding is an error", async () => {
  await expect(rowsOf(first, new Uint8Array(100), member(2, 300).subarray(0, 200))).rejects.toThrow(/cut off/);
});
