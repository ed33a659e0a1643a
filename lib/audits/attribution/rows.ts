/** The rows that are not among some. @param left ascending, below `rowCount` */
export function othersOf(left: Int32Array, rowCount: number): Int32Array {
  const kept = new Int32Array(rowCount - left.length);
  for (let row = 0, next = 0, at = 0; row < rowCount; row++)
    if (left[next] === row) next++;
    else kept[at++] = row;
  return kept;
}
