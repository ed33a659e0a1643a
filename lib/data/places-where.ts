/**
 * The numbers from 0 to `count` - 1 that satisfy a condition: a plain loop, for it runs over all rows of a dataset.
 *
 * @returns ascending
 * @example
 * const liked = placesWhere(train.label.length, (row) => train.label[row] > 0); // row numbers
 */
export function placesWhere(count: number, matches: (place: number) => boolean): Int32Array {
  const found = new Int32Array(count);
  let next = 0;
  for (let place = 0; place < count; place++) if (matches(place)) found[next++] = place;
  return found.slice(0, next);
}
