import { afterEach, describe, expect, it, vi } from "vitest";
import { jupyterDisplay } from "recsys-unlearning/core";
import { bundleOf, display, html, Html } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";
import { hostileStrings } from "../fixtures/hostile/strings";

describe("html", () => {
  it("escapes what is put into it", () => {
    expect(html`<b title="${'"'}">${"<i>"}</b>`.markup).toBe('<b title="&quot;">&lt;i&gt;</b>');
  });

  it("takes its own pieces as they are, lists one by one, and nothing for nothing", () => {
    const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
    const list = html`<ul>${items}${null}${undefined}</ul>${0}${false}`;
    expect(list.markup).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>0false");
  });

  it("has text for viewers without HTML", () => {
    expect(html`<p>${"a < b & 'c'"}</p>`[jupyterDisplay]()["text/plain"]).toBe("a < b & 'c'");
  });

  it.each(hostileStrings.map((name) => [JSON.stringify(name), name]))("makes text of %s", (_, name) => {
    const inside = html`<b title="${name}">${name}</b>`.markup.slice('<b title="'.length, -"</b>".length);
    expect(inside.split('">')).toHaveLength(2);
    expect(inside.replace('">', "")).not.toMatch(/[<>"']/);
  });

  it("is never made from a plain string by accident", () => {
    expect(html`${"<b>"}`).toBeInstanceOf(Html);
    expect(bundleOf("<b>").data).toEqual({ "text/plain": "<b>" });
  });
});

describe("display", () => {
  const path = "/somewhere/node_modules/tslab/dist/jupyter.js";
  afterEach(() => {
    delete require.cache[path];
    vi.restoreAllMocks();
  });

  it("prints text outside a kernel", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    display(table({ rows: [{ a: 1 }] }));
    display("plain \u001b[31mred");
    expect(log.mock.calls).toEqual([["a\n─\n1\n"], ["plain \\u{1b}[31mred"]]);
  });

  it("sends one message through the kernel's own module when a cell runs", () => {
    const send = vi.fn();
    require.cache[path] = { exports: { lastWriteDisplayData: send } } as never;
    display(table({ rows: [{ a: 1 }] }));
    expect(send).toHaveBeenCalledTimes(1);
    const [content, update] = send.mock.calls[0] as [{ data: object; metadata: object; transient: object }, boolean];
    expect(Object.keys(content.data)).toEqual(["text/html", "text/plain"]);
    expect(content).toMatchObject({ metadata: {}, transient: {} });
    expect(update).toBe(false);
  });

  it("prints when the kernel's module is loaded but no cell runs", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    require.cache[path] = { exports: { lastWriteDisplayData: null } } as never;
    display([1, 2]);
    expect(log).toHaveBeenCalledWith("[ 1, 2 ]");
  });
});
