const [blank, tab, lineFeed, carriageReturn] = [0x20, 0x09, 0x0a, 0x0d];

/** Makes one blank of every run of blanks and tabs, and none at either end of a line, in chunks of any size. */
export class BlankCollapser {
  /** Whether blanks were read that are not written yet. */
  private pending = false;
  private atLineStart = true;

  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk.length + 1);
    let to = 0;
    for (const byte of chunk) {
      if (byte === blank || byte === tab) {
        this.pending = true;
        continue;
      }
      const lineEnds = byte === lineFeed || byte === carriageReturn;
      if (this.pending && !this.atLineStart && !lineEnds) out[to++] = blank;
      this.pending = false;
      this.atLineStart = byte === lineFeed;
      out[to++] = byte;
    }
    return out.subarray(0, to);
  }
}
