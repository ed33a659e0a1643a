import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import {
  displayBundle,
  InvalidArgumentError,
  InvalidOptionError,
  type MimeData,
  redirectAnnouncements,
  setNotebookChannel,
} from "recsys-unlearning/core";
import { dotChart } from "recsys-unlearning/figures";
import {
  accordion,
  anyControl,
  button,
  checkbox,
  closeControls,
  combobox,
  type Control,
  display,
  dropdown,
  hbox,
  html,
  interact,
  intRangeSlider,
  intSlider,
  logSlider,
  markup,
  output,
  picture,
  progressBar,
  rangeSlider,
  select,
  slider,
  svg,
  tabs,
  text,
  toggleButtons,
  vbox,
  type Widget,
} from "recsys-unlearning/notebook";
import { FakeChannel } from "./fake-channel";

const still = (value: Widget) => displayBundle(value)?.data["text/plain"];
const square = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>';
const png = Buffer.from(String(displayBundle(svg(square))?.data["image/png"]), "base64");

describe("outside a kernel", () => {
  const said: string[] = [];
  let restore: () => void;
  beforeEach(() => (restore = redirectAnnouncements((line) => said.push(line))));
  afterEach(() => restore());

  test.each<[Widget, string]>([
    [slider(0, 0.95, { value: 0.5, label: "pruning" }), "pruning: 0.50"],
    [slider(-2, 3), "0.50"],
    [slider(0, 1000), "500"],
    [intSlider(1, 9), "5"],
    [rangeSlider(0, 1), "0.25 to 0.75"],
    [intRangeSlider(0, 8, { value: [1, 2] }), "1 to 2"],
    [logSlider(1e-6, 1), "0.001"],
    [dropdown({ one: 1, two: 2 }, { value: 2 }), "two"],
    [select(["a", "b"]), "a"],
    [toggleButtons(new Map([["x", 9]])), "x"],
    [combobox(["a"], { value: "b" }), "b"],
    [text({ label: "name", value: "<i>" }), "name: <i>"],
    [checkbox({ label: "sure" }), "sure: no"],
    [button("Forget"), "[Forget]"],
    [progressBar(10, { value: 4 }), "4 of 10"],
    [markup(html`<b>${"<x>"}</b>`), "&lt;x&gt;"],
    [picture(png), "(a picture)"],
    [anyControl({ esm: "", state: { a: 1, bytes: new Uint8Array(3) } }), '{"a":1,"bytes":"(3 bytes)"}'],
    [vbox([hbox([checkbox({ label: "a" })]), output()]), "a: no"],
    [tabs({ first: checkbox({ label: "a" }) }), "first\na: no"],
  ])("a picture of the first state stands for a control (%#)", (control, shown) => {
    expect(still(control)).toBe(shown);
    expect(displayBundle(control)?.data).not.toHaveProperty("application/vnd.jupyter.widget-view+json");
    expect(control.isOpen).toBe(false);
  });

  it("escapes what is put in, shows pictures, and says what does not work", () => {
    expect(displayBundle(text({ label: "<b>", value: "<i>" }))?.data["text/html"]).toContain("&lt;b&gt;: <b>&lt;i&gt;</b>"); // prettier-ignore
    expect(displayBundle(picture(png))?.data["image/png"]).toBe(png.toString("base64"));
    expect(said.join()).toContain("controls work in this project's kernel only");
    expect(() => slider(0, 1).open()).toThrow(/this project's kernel/);
  });

  it("interact shows what is computed from the first values", async () => {
    const shown = interact({ a: slider(0, 1) }, async ({ a }) => Promise.resolve(`a is ${a}`));
    const data = (await (displayBundle(shown)?.data as unknown as Promise<MimeData>)) as Record<string, string>;
    expect([data["text/plain"], said.join()]).toEqual(["a: 0.50\na is 0.5", expect.stringContaining("first values")]);
    const print = vi.spyOn(console, "log").mockReturnValue();
    display(shown);
    await expect.poll(() => print.mock.calls).toEqual([["a: 0.50\na is 0.5"]]);
    print.mockRestore();
  });

  it("output keeps what is shown, and captures nothing", async () => {
    const place = output();
    place.show(html`<b>x</b>`);
    expect(await place.capture(() => 5)).toBe(5);
    expect(still(place)).toBe("x");
    place.replace("y");
    expect(still(place)).toBe("y");
  });
});

describe("wrong options", () => {
  test.each<[() => unknown, RegExp]>([
    [() => slider(1, 1), /"min" is 1 and "max" is 1 *\n.*slider\n.*a max above min/],
    [() => slider(0, NaN), /"max" is NaN/],
    [() => slider(0, 1, { value: 2 }), /"value" is 2[^]*<= 1/],
    [() => slider(0, 1, { step: 0 }), /"step" is 0/],
    [() => slider(0, 1, { vlaue: 2 } as never), /unknown option "vlaue"[^]*did you mean "value"/],
    [() => intSlider(0, 1.5), /"max" is 1.5[^]*whole/],
    [() => rangeSlider(0, 1, { value: [0.7, 0.2] }), /smaller one first/],
    [() => logSlider(0, 1), /"min" is 0[^]*> 0/],
    [() => dropdown([]), /nothing to choose from/],
    [() => dropdown(["a", "b"], { value: "c" as never }), /no option[^]*one of a, b/],
    [
      () =>
        select(
          Array.from({ length: 9 }, (_, i) => i),
          { value: 10 },
        ),
      /0, 1, 2, 3, 4 and 4 more/,
    ],
    [() => combobox([]), /nothing to choose from/],
    [() => combobox(["a"], { strict: true, value: "b" }), /"value" is "b"/],
    [() => tabs({}), /no pages/],
    [() => accordion({ a: checkbox() }, { widht: 1 } as never), /unknown option "widht"/],
    [() => progressBar(0), /larger max/],
    [() => text({ layout: { wdth: "5px" } as never }), /no "wdth"[^]*did you mean "width"/],
    [() => checkbox({ style: { colour: "red" } }), /no "colour"[^]*background/],
    [() => (slider(0, 1).value = 3), /"value" is 3/],
  ])("are refused with what to do (%#)", (make, message) => {
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(message);
  });

  test.each<[() => unknown, RegExp]>([
    [() => picture(new Uint8Array(9)), /no PNG/],
    [() => vbox(["text" as never]), /controls only/],
    [() => anyControl({ esm: "", state: { layout: 1 } }), /"layout" is a field of every control/],
    [() => anyControl({ esm: "", state: { a: 1 } }).update({ b: 1 } as never), /no "b"[^]*it has a/],
    [() => interact({}, () => 1), /at least one control/],
    [() => interact({ a: button("x") as never }, () => 1), /"a" is no control with a value/],
  ])("wrong arguments, too (%#)", (make, message) => {
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(message);
  });
});

describe("types", () => {
  it("follow from the options", () => {
    const person: Control<1 | 5> = dropdown([1, 5]);
    const range: Control<readonly [low: number, high: number]> = rangeSlider(0, 1);
    const made = interact({ person, range, sure: checkbox() }, ({ person: who, range: [low], sure }) => {
      const typed: [number, number, boolean] = [who, low, sure];
      return typed;
    });
    expect(made.values).toEqual({ person: 1, range: [0.25, 0.75], sure: false });
    // @ts-expect-error a name that no control has
    interact({ person }, ({ nobody }) => nobody);
  });
});

describe("with a kernel", () => {
  let channel: FakeChannel;
  beforeEach(() => (channel = new FakeChannel()));
  afterEach(() => {
    closeControls();
    setNotebookChannel(undefined);
  });

  it("a logarithmic slider has its value among its stops, which a page would round it to", () => {
    const state = (value: number) =>
      logSlider(3e-6, 1e-2, { value, step: 0.05 }).modelState() as Record<string, number>;
    for (const value of [4.5e-5, 3e-6, 1e-2]) {
      const { min, step } = state(value);
      const steps = (Math.log10(value) - min) / step;
      expect(steps).toBeCloseTo(Math.round(steps), 9);
      expect(step).toBeCloseTo(0.05, 2);
    }
  });

  it("opens children first, shares layouts and styles, and opens again after it was closed", () => {
    const [a, b] = [slider(0, 1), slider(0, 2)];
    const box = vbox([a, b]);
    const id = box.open();
    expect(channel.comms.size).toBe(5);
    expect(channel.stateOf(id)["children"]).toEqual([`IPY_MODEL_${a.open()}`, `IPY_MODEL_${b.open()}`]);
    expect(channel.stateOf(a.open())["style"]).toBe(channel.stateOf(b.open())["style"]);
    box.close();
    expect([channel.comms.get(id)?.isOpen, box.open() === id, box.open() === box.open()]).toEqual([false, false, true]);
  });

  it("tells every listener, whatever another one throws", () => {
    const control = intSlider(0, 9, { value: 1 });
    const heard: number[] = [];
    control.onChange(() => {
      throw new RangeError("first");
    });
    const stop = control.onChange((value) => heard.push(value));
    expect(() => (control.value = 2)).toThrow("first");
    stop();
    expect(() => (control.value = 3)).toThrow("first");
    control.label = "no new value";
    expect([heard, control.value]).toEqual([[2], 3]);
  });

  it("whole numbers stay whole, choices stay among the options, ranges stay ordered", () => {
    const [whole, choice, range] = [intSlider(0, 9), dropdown(["a", "b"]), rangeSlider(0, 1)];
    const send = (control: Widget, state: object) =>
      channel.receive(control.open(), { method: "update", state, buffer_paths: [] });
    send(whole, { value: 3.4 });
    for (const index of [1.5, -1, "1", null]) send(choice, { index });
    for (const value of [[0.9, 0.1], [1], "x", [0.1, 7]]) send(range, { value });
    expect([whole.value, choice.value, range.value]).toEqual([3, "a", [0.1, 1]]);
  });

  it("a chart comes at once without its picture, and with it when nothing moves", async () => {
    const chart = (value: number) =>
      dotChart([{ group: "a", series: "s", value }], { valueTitle: "v", caption: "a chart" });
    const both = interact({ share: slider(0, 1) }, ({ share }) => chart(share));
    await (displayBundle(both)?.data as unknown as Promise<MimeData>);
    const shown = () => [...channel.displays].find(([id]) => /^interaction-\d+$/.test(id))?.[1].data ?? {};
    expect(Object.keys(shown())).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    both.controls.share.value = 0.25;
    // JupyterLab would draw a picture of a chart without one: a pixel stands for it.
    const pictureBytes = () => Buffer.from(String(shown()["image/png"]), "base64").length;
    await expect.poll(pictureBytes).toBeLessThan(100);
    expect(Object.keys(shown())).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
    await expect.poll(pictureBytes, { timeout: 5000 }).toBeGreaterThan(1000);
    both.close();
  });

  it("a chart at once has the room for labels that the one before it took", () => {
    const patch = { autosize: "none" }; // so that labels have no room of vega's own
    const chart = (value: number) =>
      dotChart([{ group: "a", series: "s", value }], { valueTitle: "v", caption: "a chart" }).inLook({ patch });
    const padding = (data: MimeData) => (data["application/vnd.vegalite.v5+json"] as { padding?: object }).padding;
    const drawn = chart(0.1);
    expect(padding({ ...displayBundle(drawn)?.data })).toBeDefined();
    const [second, third] = [chart(0.2), chart(0.3)];
    expect(padding(second.atOnce())).toBeUndefined();
    expect(padding(third.atOnce(drawn))).toEqual(padding({ ...displayBundle(drawn)?.data }));
    expect(padding(chart(0.4).atOnce(third))).toEqual(padding({ ...displayBundle(drawn)?.data }));
    expect(padding(drawn.atOnce(second))).toEqual(padding({ ...displayBundle(drawn)?.data }));
  });

  it("a chart that cannot be drawn is an error in its place when nothing moves", async () => {
    const both = interact({ code: intSlider(65, 0x10ffff, { value: 65 }) }, ({ code }) =>
      dotChart([{ group: String.fromCodePoint(code), series: "s", value: 1 }], { valueTitle: "v", caption: "a chart" }),
    );
    await (displayBundle(both)?.data as unknown as Promise<MimeData>);
    const shown = () => [...channel.displays].find(([id]) => /^interaction-\d+$/.test(id))?.[1].data ?? {};
    both.controls.code.value = 0x6f22;
    await expect.poll(() => shown()["text/plain"], { timeout: 5000 }).toMatch(/no font writes "漢" \(Han\)/);
    both.close();
  });
});
