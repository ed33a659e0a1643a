import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { comparePictures } from "./pictures";

/** A white picture with black rectangles: left, top, width, height. */
function drawn(rectangles: readonly (readonly [number, number, number, number])[], width = 200, height = 100): Buffer {
  const picture = new PNG({ width, height });
  picture.data.fill(255);
  for (const [left, top, w, h] of rectangles)
    for (let y = top; y < top + h; y++)
      for (let x = left; x < left + w; x++) picture.data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
  return PNG.sync.write(picture);
}

const words = [10, 30, 50, 70].map((top) => [10, top, 150, 10] as const);

describe("pictures are compared by what is drawn in them", () => {
  test("the same is the same, also where it is a little larger", () => {
    expect(comparePictures(drawn(words), drawn(words))).toMatchObject({ share: 0, isSame: true });
    expect(comparePictures(drawn(words), drawn(words, 202, 101))).toMatchObject({ isSame: true });
  });

  test("a word that is missing, moved or new is seen on a page that is mostly white", () => {
    const few = [[10, 10, 20, 5], [60, 10, 20, 5]] as const; // prettier-ignore
    expect(comparePictures(drawn(few), drawn(few.slice(1))).isSame).toBe(false);
    expect(comparePictures(drawn(few), drawn([few[0], [70, 30, 20, 5]])).isSame).toBe(false);
    expect(comparePictures(drawn(few), drawn([...few, [10, 60, 10, 5]])).isSame).toBe(false);
  });

  test("an empty picture is not the same as one with something in it", () => {
    expect(comparePictures(drawn([]), drawn([]))).toMatchObject({ share: 0, isSame: true });
    expect(comparePictures(drawn(words), drawn([])).isSame).toBe(false);
  });

  test("other sizes are said", () => {
    const { sizes, isSame } = comparePictures(drawn(words), drawn(words, 300));
    expect([sizes, isSame]).toEqual(["200 x 100, now 300 x 100", false]);
  });
});
