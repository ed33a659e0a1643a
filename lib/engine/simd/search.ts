/** The first place of an ascending array that holds at least so much. */
export function firstAtLeast(ascending: Int32Array, least: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
