const isPlain = (byte: number | undefined) => byte !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(byte));

const strict = new TextDecoder("utf-8", { fatal: true });

/** What is seen of a file's encoding while its ids are read as UTF-8. */
export class EncodingEvidence {
  /** Ids that hold characters beyond ASCII, as UTF-8. */
  private utf8 = 0;
  /** Ids that are no UTF-8 and look like latin-1 … */
  private latin1 = 0;
  /** … and those that do not. */
  private neither = 0;

  /** Takes a valid id. */
  valid(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++)
      if (bytes[at] >= 0x80) {
        this.utf8++;
        return;
      }
  }

  /** Takes an id that is no UTF-8. */
  invalid(bytes: Uint8Array, start: number, end: number): void {
    const id = bytes.subarray(start, end);
    if (id.every((byte) => byte < 0x80)) return; // another fault, such as a NUL
    if (looksLatin1(id)) this.latin1++;
    else this.neither++;
  }

  /** Takes a header, whose names are no ids. */
  header(line: Uint8Array): void {
    try {
      strict.decode(line);
    } catch {
      this.invalid(line, 0, line.length);
    }
  }

  /** Whether anything is no UTF-8. */
  get isForeign(): boolean {
    return this.latin1 + this.neither > 0;
  }

  /** Whether some ids are UTF-8 beyond ASCII. */
  get hasUtf8(): boolean {
    return this.utf8 > 0;
  }

  /** Whether all that is not ASCII is plainly latin-1. */
  get saysLatin1(): boolean {
    return this.latin1 > 0 && this.neither === 0 && this.utf8 === 0;
  }
}

/** Whether bytes beyond ASCII are accented letters, one or two small ones, beside plain characters. */
function looksLatin1(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] < 0x80) continue;
    let end = at;
    while (bytes[end] >= 0x80) {
      if (bytes[end] < 0xc0 || bytes[end] === 0xd7 || bytes[end] === 0xf7) return false;
      end++;
    }
    const areFew = end - at === 1 || (end - at === 2 && bytes[at] >= 0xdf && bytes[at + 1] >= 0xdf);
    if (!areFew || !(isPlain(bytes[at - 1]) || isPlain(bytes[end]))) return false;
    at = end;
  }
  return true;
}
