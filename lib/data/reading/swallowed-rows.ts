const lineFeed = 0x0a;

/** Whether every line of a record has as many fields as a row, were quotes plain characters. */
export function isRowByRow(record: Uint8Array, delimiter: string, fieldCount: number): boolean {
  const text = Buffer.from(record.buffer, record.byteOffset, record.length);
  const separator = Buffer.from(delimiter);
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf(lineFeed, at);
    const line = text.subarray(at, end < 0 ? text.length : end);
    if (count(line, separator) !== fieldCount - 1) return false;
    at = end < 0 ? text.length : end + 1;
  }
  return true;
}

function count(line: Buffer, separator: Buffer): number {
  let found = 0;
  for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + separator.length)) found++;
  return found;
}
