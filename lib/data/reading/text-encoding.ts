import { InvalidOptionError } from "../../core";

/** Turns a file's bytes into UTF-8. */
export interface TextEncodingReader {
  /** How it is called, for people. */
  readonly name: string;
  /** @param final whether these are the last bytes */
  toUtf8(chunk: Uint8Array, final: boolean): Uint8Array;
}

const utf16Marks: readonly (readonly [number, number, string])[] = [
  [0xff, 0xfe, "utf-16le"],
  [0xfe, 0xff, "utf-16be"],
];

/**
 * What turns the bytes of a file into UTF-8.
 *
 * @param head the file's first bytes: a mark of UTF-16 is obeyed where the encoding is left open
 * @throws InvalidOptionError for an encoding that is not known
 */
export function encodingReader(encoding: string, head: Uint8Array): TextEncodingReader {
  if (encoding === "auto") {
    const marked = utf16Marks.find(([first, second]) => head[0] === first && head[1] === second);
    return marked === undefined ? utf8 : decoded(marked[2], `${marked[2].toUpperCase()} (its mark says so)`);
  }
  if (/^utf-?8$/i.test(encoding)) return utf8;
  if (encoding === "latin1") return latin1;
  return decoded(encoding, encoding);
}

const utf8: TextEncodingReader = { name: "UTF-8", toUtf8: (chunk) => chunk };

const latin1: TextEncodingReader = {
  name: "latin-1",
  toUtf8(chunk) {
    if (chunk.every((byte) => byte < 0x80)) return chunk;
    return Buffer.from(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1"), "utf8");
  },
};

/** Whether lines end in carriage returns alone, as those of old Macs do: several of them and no line feed. */
export function hasMacLines(bytes: Uint8Array): boolean {
  return !bytes.includes(0x0a) && bytes.indexOf(0x0d) < bytes.lastIndexOf(0x0d);
}

/** The same where lines end in carriage returns alone. */
export function withLineFeeds({ name, toUtf8 }: TextEncodingReader): TextEncodingReader {
  return {
    name: `${name}, lines that end in carriage returns`,
    toUtf8: (chunk, final) => toUtf8(chunk, final).map((byte) => (byte === 0x0d ? 0x0a : byte)),
  };
}

function decoded(label: string, name: string): TextEncodingReader {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch (cause) {
    throw new InvalidOptionError(`the encoding "${label}" is not known`, {
      where: "readInteractions",
      remedy: `give one such as "utf-8", "latin1", "windows-1252", "utf-16le" or "gbk"`,
      cause,
    });
  }
  const encoder = new TextEncoder();
  return { name, toUtf8: (chunk, final) => encoder.encode(decoder.decode(chunk, { stream: !final })) };
}
