import { expect, it } from "vitest";
import { placesWhere } from "recsys-unlearning/data";

it.each([0, 1, 7])("placesWhere of %d numbers is what a filter keeps, in an array of its own", (count) => {
  const all = Int32Array.from({ length: count }, (_, place) => place);
  for (const matches of [() => true, () => false, (place: number) => place % 3 === 0]) {
    const found = placesWhere(count, matches);
    expect(found).toEqual(all.filter(matches));
    expect(found.buffer.byteLength).toBe(found.byteLength);
  }
});
