import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CorruptFileError,
  decodeTensors,
  encodeTensors,
  InvalidArgumentError,
  Random,
  type StoredTensor,
} from "../../lib/core";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const tensors: fc.Arbitrary<StoredTensor> = fc.tuple(shapes, fc.boolean(), fc.integer()).map(([shape, float, seed]) => {
  const size = shape.reduce((product, length) => product * length, 1);
  const random = Random.fromSeed(seed);
  const values = float
    ? random.fillNormal(new Float32Array(size), 1)
    : Int32Array.from({ length: size }, () => random.integer(1e9));
  return { shape, values };
});
const names = fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__");

/** A file with this header text, and `data` bytes of data. */
function file(header: string, data = 0): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

const entry = (from: number, to: number, shape = `[${(to - from) / 4}]`, dtype = "F32") =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;

describe("tensor files", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name }), (entries) => {
        const written = { tensors: new Map(entries), metadata: { kind: "test", ünï: '"}' } };
        const read = decodeTensors(encodeTensors(written), "here");
        expect(read.metadata).toEqual(written.metadata);
        expect(new Map(read.tensors)).toEqual(written.tensors);
      }),
    );
  });

  it("put data where 8-byte alignment wants it", () => {
    const bytes = encodeTensors({ tensors: new Map(), metadata: { a: "b" } });
    expect(bytes.length % 8).toBe(0);
  });

  it("are read however the safetensors library orders and pads them", () => {
    const text = ` `.padStart(5);
    const read = decodeTensors(file(`{"b":${entry(4, 12, "[2,1]", "I32")},"a":${entry(0, 4)}}${text}`, 12), "here");
    expect([...read.tensors.keys()]).toEqual(["a", "b"]);
    expect(read.tensors.get("b")).toEqual({ shape: [2, 1], values: new Int32Array(2) });
    expect(read.metadata).toEqual({});
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["seven bytes", new Uint8Array(7)],
    ["a header longer than the file", file("{}").map((byte, k) => (k === 0 ? 200 : byte))],
    ["a header of 2^63 bytes", file("{}").map((byte, k) => (k === 7 ? 128 : byte))],
    ["no JSON", file("{")],
    ["an array", file("[]")],
    ["leading space", file(" {}")],
    ["invalid UTF-8", file("{}").map((byte, k) => (k === 9 ? 0xff : byte))],
    ["a key twice", file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4)],
    ["a key twice, once escaped", file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4)],
    ["a shape twice", file(`{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}`, 4)],
    ["metadata that is a list", file(`{"__metadata__":["a"]}`)],
    ["metadata that is a number", file(`{"__metadata__":{"a":1}}`)],
    ["an unknown type", file(`{"a":${entry(0, 4, "[1]", "F16")}}`, 4)],
    ["a missing field", file(`{"a":{"dtype":"F32","shape":[1]}}`, 4)],
    ["an extra field", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}`, 4)],
    ["null for an entry", file(`{"a":null}`)],
    ["a negative shape", file(`{"a":${entry(0, 4, "[-1]")}}`, 4)],
    ["a fractional shape", file(`{"a":${entry(0, 4, "[0.5,2]")}}`, 4)],
    ["a shape that overflows", file(`{"a":${entry(0, 4, "[4294967296,4294967296]")}}`, 4)],
    ["a shape larger than its bytes", file(`{"a":${entry(0, 4, "[2]")}}`, 4)],
    ["offsets beyond the file", file(`{"a":${entry(0, 8)}}`, 4)],
    ["offsets turned round", file(`{"a":${entry(4, 0, "[1]")}}`, 4)],
    ["three offsets", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}`, 4)],
    ["a hole", file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12)],
    ["an overlap", file(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12)],
    ["bytes to spare", file(`{"a":${entry(0, 4)}}`, 5)],
  ])("with %s are refused", (_, bytes) => {
    expect(() => decodeTensors(bytes, "some/file")).toThrow(CorruptFileError);
    expect(() => decodeTensors(bytes, "some/file")).toThrow(/some\/file/);
  });

  it("do not let a tensor called __proto__ touch any prototype", () => {
    const read = decodeTensors(file(`{"__proto__":${entry(0, 4)}}`, 4), "here");
    expect([...read.tensors.keys()]).toEqual(["__proto__"]);
    expect(({} as { dtype?: string }).dtype).toBeUndefined();
  });

  it("refuse to write what could not be read", () => {
    const values = new Float32Array(2);
    const wrong = (name: string, shape: number[]) => () =>
      encodeTensors({ tensors: new Map([[name, { shape, values }]]), metadata: {} });
    expect(wrong("a", [3])).toThrow(InvalidArgumentError);
    expect(wrong("__metadata__", [2])).toThrow(InvalidArgumentError);
  });
});
