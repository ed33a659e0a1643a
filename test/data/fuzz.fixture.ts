import { core } from "recsys-unlearning";
import type { ReadOptions } from "../../lib/data/reading/read-options";
import { expectAsReference } from "./parsing.fixture";

/** Well-formed files to start from. */
const seeds: readonly (readonly [string, ReadOptions])[] = [
  ["user,item,rating,timestamp\na,x,5,100\nb,x,3,200\nb,y,1,300\na,y,4,\n", {}],
  ["196\t242\t3\t881250949\n186\t302\t3\t891717742\n22\t377\t1\t878887116\n", {}],
  ["1::1193::5::978300760\r\n1::661::3::978302109\r\n2::914::3::978301968\r\n", {}],
  ['"User-ID";"ISBN";"Book-Rating"\n"276725";"034545104X";"0"\n"276726";"0155061224";"5"\n', {}],
  ["user_id:token\titem_id:token\trating:float\n1\té\t3\n2\t007\t4.5\n9007199254740993\t7\t1e0\n", {}],
  ['user,note,item\na,"say ""hi"", then\nleave",x\nb,,y\n', {}],
];

/** What breaks parsers. */
const tokens = [
  ..."\n\r\0\",;:|\t \\'",
  "\r\n",
  '""',
  "::",
  "\uFEFF",
  "NaN",
  "Infinity",
  "1e400",
  "-0",
  "__proto__",
  "constructor",
  "9007199254740993",
  "007",
  "user",
  "item",
  "é",
  "\u{1F600}",
].map((text) => new TextEncoder().encode(text));
const brokenUtf8 = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xff, 0xfe], [0x80]].map((bytes) => Uint8Array.from(bytes));

/** Some bytes changed at random: replaced, inserted, deleted, doubled, or cut off. */
function mutate(bytes: Uint8Array, random: core.Random): Uint8Array {
  const at = random.integer(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.integer(12));
  const pool = random.integer(6) === 0 ? brokenUtf8 : tokens;
  const token = random.integer(4) === 0 ? Uint8Array.of(random.integer(256)) : pool[random.integer(pool.length)];
  const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (random.integer(8)) {
    case 0:
      return Buffer.concat([head, tail]);
    case 1:
      return Buffer.concat([head, middle, middle, tail]);
    case 2:
      return Buffer.concat([head, token, tail]);
    case 3:
      return random.integer(4) === 0 ? head : Buffer.concat([head, middle, token, tail]);
    default:
      return Buffer.concat([head, token, middle, tail]);
  }
}

/** How a round of fuzzing went. Every file was read as the reference reads it or refused at the same line. */
export interface FuzzCounts {
  readonly read: number;
  readonly refused: number;
}

/** Mutates well-formed files and holds the parser against the reference each time. */
export function fuzzParser(rounds: number, seed: number): FuzzCounts {
  const random = core.Random.derive(seed, "fuzz");
  const counts = { read: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const [text, options] = seeds[random.integer(seeds.length)];
    let bytes: Uint8Array = new TextEncoder().encode(text);
    for (let times = 1 + random.integer(4); times > 0; times--) bytes = mutate(bytes, random);
    const badRows = random.integer(2) === 0 ? "error" : "drop";
    const sizes = Array.from({ length: 1 + random.integer(3) }, () => 1 + random.integer(64));
    try {
      counts[expectAsReference(bytes, { ...options, badRows }, sizes)]++;
    } catch (cause) {
      throw new Error(
        `round ${round} of seed ${seed}: ${JSON.stringify(Buffer.from(bytes).toString("latin1"))} ${badRows}`,
        { cause },
      );
    }
  }
  return counts;
}
