import { describe, expect, it } from "vitest";
import { displayBundle, jupyterDisplay, jupyterMetadata } from "recsys-unlearning/core";

describe("displayBundle", () => {
  it.each([null, undefined, 3, "text", {}, [], () => 1])("of %j, which does not show itself, is nothing", (value) => {
    expect(displayBundle(value)).toBeUndefined();
  });

  const data = { "text/plain": "a" };

  it("is what a value shows, with what a viewer should know", () => {
    const metadata = { "image/png": { width: 3 } };
    expect(displayBundle({ [jupyterDisplay]: () => data, [jupyterMetadata]: () => metadata })).toEqual({
      data,
      metadata,
    });
  });

  it("of a value that says no more has no metadata", () => {
    expect(displayBundle({ [jupyterDisplay]: () => data })).toEqual({ data, metadata: {} });
  });
});
