import { expect, it } from "vitest";
import { beyondLimit, rowsOf } from "../../bench/benchmark";

it("a row that is faster than the machine is an error of its name, once for all its peers", () => {
  const rows = [0.99, 1.01].flatMap((limitShare) =>
    rowsOf({ name: `share-${limitShare}`, unit: "ms" }, { ours: 1, peers: { one: 1, other: null }, limitShare }),
  );
  expect(beyondLimit(rows).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^share-1\.01 reaches 1\.01 of the machine's limit/),
  ]);
});
