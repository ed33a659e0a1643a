import { describe, expect, it, test } from "vitest";
import { displayBundle, InvalidArgumentError } from "recsys-unlearning/core";
import { image, json, latex, markdown, svg } from "recsys-unlearning/notebook";

const square = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"><rect width="10" height="20"/></svg>';

describe("content of each type shows itself, with text beside it", () => {
  test.each([
    ["markdown", markdown("# One"), { "text/markdown": "# One", "text/plain": "# One" }],
    ["latex", latex("e^x"), { "text/latex": "$$e^x$$", "text/plain": "e^x" }],
    ["json", json({ a: [1] }), { "application/json": { a: [1] }, "text/plain": '{\n  "a": [\n    1\n  ]\n}' }],
  ])("%s", (_, content, data) => {
    expect(displayBundle(content)).toEqual({ data, metadata: {} });
  });

  it("draws a picture of a drawing, at twice its size for sharp screens", () => {
    const { data, metadata } = displayBundle(svg(square)) ?? {};
    expect(data?.["image/svg+xml"]).toBe(square);
    const png = Buffer.from(String(data?.["image/png"]), "base64");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([20, 40]);
    expect(metadata).toEqual({ "image/png": { width: 10, height: 20 } });
  });

  it("tells pictures by their first bytes", () => {
    const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
    expect(displayBundle(image(jpeg, { width: 80, alt: "a face" }))).toEqual({
      data: { "image/jpeg": "/9j/4A==", "text/plain": "a face" },
      metadata: { "image/jpeg": { width: 80 } },
    });
    expect(() => image(Uint8Array.from([1, 2, 3]))).toThrow(InvalidArgumentError);
  });

  it("refuses what JSON cannot hold", () => {
    expect(() => json(1n)).toThrow(InvalidArgumentError);
    expect(() => json(undefined)).toThrow(/use null/);
    expect(() => json({ toString: () => "x" })).not.toThrow();
  });
});
