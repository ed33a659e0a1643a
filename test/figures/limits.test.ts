import { describe, expect, it } from "vitest";
import { vegaLiteFigure } from "recsys-unlearning/figures";
import { InvalidArgumentError, jupyterDisplay } from "../../lib/core";
import { Table } from "../../lib/tables";

const data = [{ x: 1, colour: "url(file:///etc/hostname)" }];
const spec = { mark: "point", encoding: { x: { field: "x", type: "quantitative" } } };
const figure = (extra: object = {}, width = 3) =>
  vegaLiteFigure({ ...spec, ...extra }, data, { caption: "limits", width });

describe("a figure", () => {
  it.each([1e9, NaN, -1, 0, Infinity])("of %d dpi is refused", (dpi) => {
    expect(() => figure().toPng(dpi)).toThrow(/pixels/);
  });

  it("of 1e9 inches is refused", () => {
    expect(() => figure({}, 1e9)).toThrow(/inches/);
  });

  it.each([
    { usermeta: { embedOptions: {} } },
    { $schema: "https://example.org/x.json" },
    { mark: { type: "point", fill: "url(https://example.org/x)" } },
  ])("that reaches out is refused: %j", (extra) => {
    expect(() => figure(extra).spec()).toThrow(/outside itself/);
  });

  it("whose data name a file as a colour is refused", () => {
    const encoding = { ...spec.encoding, fill: { field: "colour", type: "nominal", scale: null } };
    expect(() => figure({ encoding }).toSvg()).toThrow(InvalidArgumentError);
    expect(() => figure({ encoding })[jupyterDisplay]()).toThrow(/load a file/);
    expect(figure().toSvg()).toContain("<svg");
  });

  it("is refused on its way to a notebook too", () => {
    expect(() => figure({ usermeta: {} })[jupyterDisplay]()).toThrow(/outside itself/);
  });

  it("is beside a table whose alignment ends no attribute", () => {
    const columns = [{ key: "x", align: '"><img src=x>' as "left" }];
    expect(new Table({ columns, rows: [{ x: 1 }] })[jupyterDisplay]()["text/html"]).not.toContain("<img");
  });
});
