import { CorruptFileError, InvalidArgumentError } from "./errors";

/** One array of a tensor file. */
export interface StoredTensor {
  /** `values` is row-major in this shape. */
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** What a tensor file holds. */
export interface TensorFile {
  /** By name, in the order of the data. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where a tensor's bytes stand in a safetensors header. */
interface HeaderEntry {
  readonly dtype: "F32" | "I32";
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const lengthBytes = 8;
/** The format's own limit. */
const maximumHeaderBytes = 100_000_000;
const elementBytes = 4;

/**
 * The bytes of a file in safetensors layout: header length (unsigned 64 bits, little-endian), a JSON header padded with
 * spaces to a multiple of 8, and the arrays back to back.
 *
 * @throws InvalidArgumentError when a shape does not fit its values, or a tensor is called `__metadata__`
 * @example
 * const bytes = encodeTensors({ tensors: new Map(), metadata: { kind: "mine" } });
 */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (name === "__metadata__" || size !== values.length)
      throw new InvalidArgumentError(`tensor "${name}" of shape [${shape.join(", ")}] has ${values.length} values`, {
        remedy: `give ${size} values and a name other than __metadata__`,
      });
    const dtype = values instanceof Float32Array ? "F32" : "I32";
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + values.byteLength] }]);
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const json = Buffer.from(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)}}`);
  const header = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(header);
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...parts]);
}

/**
 * Reads a file in safetensors layout and refuses whatever the format forbids: a header that is too long, is not one
 * JSON object or repeats a key; shapes that are not whole numbers or do not fit their bytes; data with holes, overlaps
 * or bytes to spare; metadata that is not text. Nothing is ever executed and nothing is allocated that the file does
 * not hold.
 *
 * @param bytes the whole file
 * @param where the file's path, named in errors
 * @throws CorruptFileError
 * @example
 * const { tensors } = decodeTensors(await readRegularFile("model.safetensors"), "model.safetensors");
 */
export function decodeTensors(bytes: Uint8Array, where: string): TensorFile {
  const { header, dataStart } = readHeader(bytes, where);
  let metadata: Record<string, string> = {};
  const entries: [string, HeaderEntry][] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") metadata = requireText(value, where);
    else entries.push([name, requireEntry(name, value, where)]);
  }
  entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  const tensors = new Map<string, StoredTensor>();
  let end = 0;
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    if (data_offsets[0] !== end)
      throw corrupt(`tensor "${name}" begins at byte ${data_offsets[0]} of the data, not at ${end}`, where);
    end = data_offsets[1];
    if (end > bytes.length - dataStart)
      throw corrupt(`tensor "${name}" ends at byte ${end}, beyond the ${bytes.length - dataStart} of the data`, where);
    const copy = Uint8Array.from(bytes.subarray(dataStart + data_offsets[0], dataStart + end)); // aligned
    const type = dtype === "F32" ? Float32Array : Int32Array;
    tensors.set(name, { shape, values: new type(copy.buffer) });
  }
  if (dataStart + end !== bytes.length)
    throw corrupt(`${bytes.length - dataStart - end} bytes follow the last tensor`, where);
  return { tensors, metadata };
}

function corrupt(problem: string, where: string, cause?: unknown): CorruptFileError {
  return new CorruptFileError(problem, { where, cause, remedy: "use another copy of the file, or make it again" });
}

function readHeader(bytes: Uint8Array, where: string): { header: object; dataStart: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < lengthBytes) throw corrupt(`the file has ${bytes.length} bytes, too few for a header`, where);
  const length = Number(buffer.readBigUInt64LE());
  if (length > maximumHeaderBytes || length > buffer.length - lengthBytes)
    throw corrupt(`the header claims ${length} bytes of a file of ${bytes.length}`, where);
  const dataStart = lengthBytes + length;
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(buffer.subarray(lengthBytes, dataStart));
    header = JSON.parse(text);
  } catch (cause) {
    throw corrupt("the header is not JSON", where, cause);
  }
  if (!text.startsWith("{")) throw corrupt("the header does not begin with a JSON object", where);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw corrupt(`the header repeats the key ${repeated}`, where);
  return { header: header as object, dataStart };
}

/** The first key that an object of some valid JSON text has twice. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, key] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (key !== undefined) {
      const name = JSON.parse(key) as string;
      const keys = open[open.length - 1];
      if (keys.has(name)) return key;
      keys.add(name);
    }
  }
  return undefined;
}

function requireText(value: unknown, where: string): Record<string, string> {
  const isText = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isText || !Object.values(value).every((entry) => typeof entry === "string"))
    throw corrupt("the metadata is not an object of texts", where);
  return value as Record<string, string>;
}

const entryKeys = ["dtype", "shape", "data_offsets"];

function requireEntry(name: string, value: unknown, where: string): HeaderEntry {
  const entry = (typeof value === "object" && value !== null ? value : {}) as Partial<HeaderEntry>;
  const keys = Object.keys(entry);
  if (keys.length !== entryKeys.length || !entryKeys.every((key) => keys.includes(key)))
    throw corrupt(`tensor "${name}" does not have exactly ${entryKeys.join(", ")}`, where);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" && dtype !== "I32")
    throw corrupt(`tensor "${name}" has the type ${JSON.stringify(dtype)}, not F32 or I32`, where);
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw corrupt(`tensor "${name}" has a shape or offsets that are not whole numbers`, where);
  const bytes = shape.reduce((product, length) => product * length, elementBytes);
  if (!Number.isSafeInteger(bytes) || offsets[1] - offsets[0] !== bytes)
    throw corrupt(`tensor "${name}" of shape [${shape.join(", ")}] does not fill its ${offsets.join(" to ")}`, where);
  return entry as HeaderEntry;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}
