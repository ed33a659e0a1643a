// Ids that were chosen to collide are read as fast as others, and numbered alike.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { data } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyedHash } from "../../lib/data/keyed-hash";
import { hashBytes } from "../../lib/data/reading/record-scanner";
import { long } from "../long";

const prime = 0x01000193;
const encoder = new TextEncoder();

/** Two blocks of four letters that lead FNV-1a from one state to the same next one. */
function collision(state: number): { blocks: [string, string]; next: number } {
  const seen = new Map<number, string>();
  for (let k = 0; ; k++) {
    const block = k.toString(36).padStart(4, "0");
    const next = encoder.encode(block).reduce((hash, byte) => Math.imul(hash ^ byte, prime), state);
    const other = seen.get(next);
    if (other !== undefined) return { blocks: [other, block], next };
    seen.set(next, block);
  }
}

/** 2^bits texts of one FNV-1a hash. */
function collidingIds(bits: number): string[] {
  let [ids, state] = [[""], 0x811c9dc5 | 0];
  for (let bit = 0; bit < bits; bit++) {
    const { blocks, next } = collision(state);
    ids = ids.flatMap((id) => blocks.map((block) => id + block));
    state = next;
  }
  return ids;
}

/** Ids whose hashes differ, but which all want the same 64 slots of a table of 65,536. */
function crowdingIds(count: number): string[] {
  const ids: string[] = [];
  for (let k = 0; ids.length < count; k++) {
    const id = String(k);
    let hash = 0x811c9dc5 | 0;
    for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), prime);
    if (((hash ^ (hash >>> 15)) & 0xffff) < 64) ids.push(id);
  }
  return ids;
}

const seconds = async (work: () => unknown) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

describe("65,536 ids of one hash", () => {
  const ids = collidingIds(16);
  const others = ids.map((id, k) => `${k}${id.slice(String(k).length)}`);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "flooding-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("are what they claim to be", () => {
    const hashes = new Set(ids.map((id) => hashBytes(encoder.encode(id), 0, id.length)));
    expect([ids.length, new Set(ids).size, hashes.size]).toEqual([65_536, 65_536, 1]);
  });

  test("are numbered by first appearance, found again, and cost little more than others", async () => {
    const intern = (all: readonly string[]) => {
      const map = new data.IdMap("user");
      all.forEach((id, k) => {
        if (map.intern(id) !== k) throw new Error(`${id} is not ${k}`);
      });
      all.forEach((id, k) => {
        if (map.find(id) !== k || map.toRaw(k) !== id) throw new Error(`${id} is not found`);
      });
      expect(map.find("none")).toBeUndefined();
      expect(map.size).toBe(all.length);
    };
    const plain = Math.min(await seconds(() => intern(others)), await seconds(() => intern(others)));
    expect((await seconds(() => intern(ids))) / plain).toBeLessThan(15); // 400 without a keyed hash
  });

  long(
    "in a file, as users and as items, quoted or not, are read in the time of others, to the same columns",
    async () => {
      const path = join(folder, "file.csv");
      const read = async (all: readonly string[]) => {
        await writeFile(
          path,
          `user,item,rating\n${all.map((id, k) => `"${id}",${all[all.length - 1 - k]},5\n`).join("")}`,
        );
        let found: data.Interactions | undefined;
        const took = await seconds(async () => (found = (await data.readInteractions(path)).interactions));
        return { took, found: found! };
      };
      await read(others);
      const [plain, flooded] = [await read(others), await read(ids)];
      expect(flooded.found.user).toEqual(plain.found.user);
      expect(flooded.found.item).toEqual(plain.found.item);
      expect(flooded.found.users.toRaw(65_535)).toBe(ids[65_535]);
      expect(flooded.took / plain.took).toBeLessThan(15);
      expect(data.dataHash(flooded.found)).toBe(data.dataHash((await read(ids)).found)); // no key is in it
    },
  );
});

test("20,000 ids that crowd without having one hash cost little more than others", async () => {
  const crowding = crowdingIds(20_000);
  const intern = (all: readonly string[]) => {
    const map = new data.IdMap("item");
    all.forEach((id, k) => {
      if (map.intern(id) !== k) throw new Error(`${id} is not ${k}`);
    });
  };
  const plain = crowding.map((_, k) => `item ${k}`);
  intern(plain);
  const [took, usual] = [await seconds(() => intern(crowding)), await seconds(() => intern(plain))];
  expect(took / usual).toBeLessThan(12);
}, 60_000);

test("session numbers that collide in a set of numbers are read as fast as others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flooding-sessions-"));
  // V8's unkeyed hash of a small integer: numbers whose hashes share their low bits lie in one bucket.
  const mixed = (n: number) => {
    let hash = n;
    hash = (~hash + (hash << 15)) | 0;
    hash ^= hash >>> 12;
    hash = (hash + (hash << 2)) | 0;
    hash ^= hash >>> 4;
    hash = Math.imul(hash, 2057);
    return (hash ^ (hash >>> 16)) & 0x3fffffff;
  };
  const colliding: number[] = [];
  for (let n = 1; colliding.length < 20_000; n++) if ((mixed(n) & 0x3fff) === 7) colliding.push(n);
  const plain = colliding.map((_, k) => k + 1);
  const read = async (sessions: readonly number[]) => {
    const lines = sessions.map((session) => `${session} 1\n`).join("");
    for (const part of ["train", "valid", "test"])
      await writeFile(join(folder, `x_${part}.txt`), part === "train" ? lines : "");
    let split: data.SessionSplit | undefined;
    const took = await seconds(async () => (split = await data.readSessionFiles(folder, "x")));
    expect(data.sessionCount(split!.train)).toBe(20_000);
    return took;
  };
  await read(plain);
  expect((await read(colliding)) / (await read(plain))).toBeLessThan(8);
  await rm(folder, { recursive: true });
}, 60_000);

test("the keyed hash is HalfSipHash-2-4, by its authors' vectors", () => {
  const key = new Int32Array(Uint8Array.from({ length: 8 }, (_, k) => k).buffer);
  const bytes = Uint8Array.from({ length: 8 }, (_, k) => k);
  const words = [0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a, 0x89466e2a];
  words.forEach((word, length) => expect(keyedHash(bytes, 0, length, key) >>> 0).toBe(word));
});
