// Comms, controls and interact on a real kernel, as a page with a widget manager sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { Channels } from "../../kernel/client/channels";
import type { Content, Message } from "../../kernel/protocol/message";
import { ControlsPage, type Model } from "./controls-page";
import { describe as described, plainText, printed, resultText } from "./scenario";

let kernel: KernelClient;
let page: ControlsPage;
beforeAll(async () => {
  kernel = await KernelClient.start();
  page = new ControlsPage(kernel);
  await run(
    `import { notebookChannel, currentSignal, CancelledError } from "recsys-unlearning/core";
import * as nb from "recsys-unlearning/notebook";
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const heard: unknown[] = [];`,
  );
});
afterAll(() => kernel.shutdown());

const run = (code: string) => kernel.execute(code, { timeoutMs: 30_000, stop_on_error: false });
const value = async (code: string) => resultText(await run(code));
const of = (messages: readonly Message[], type: string) => messages.filter(({ header }) => header.msg_type === type);
const stderr = (messages: readonly Message[]) =>
  plainText(of(messages, "stream").map(({ content }) => (content["name"] === "stderr" ? content["text"] : "")).join("")); // prettier-ignore
const comms = async (target?: string) =>
  (await kernel.request("shell", "comm_info_request", target === undefined ? {} : { target_name: target })).content;

describe("comms", () => {
  let opened: { id: string; heard: Message[] };
  test("a page opens one for a target; data and bytes go both ways", async () => {
    await run(`notebookChannel()?.registerTarget("echo", (comm, { data }) => {
  comm.send({ welcome: data });
  return {
    message: ({ data, buffers }) => { console.log("heard"); comm.send(data, buffers.map((one) => one.map((byte) => byte + 1))); },
    closed: () => heard.push("closed"),
  };
})`);
    opened = await page.open("echo", { a: 1 });
    expect(of(opened.heard, "comm_msg")[0].content).toEqual({ comm_id: opened.id, data: { welcome: { a: 1 } } });
    const back = await page.message(opened.id, { b: [2] }, [new Uint8Array([1, 2]), new Uint8Array([])]);
    const [echo] = of(back, "comm_msg");
    expect(echo.content["data"]).toEqual({ b: [2] });
    expect(echo.buffers?.map((one) => [...one])).toEqual([[2, 3], []]);
    // Busy, what the handler did in its order, idle: all with the message as parent.
    expect(back.map(({ header }) => header.msg_type)).toEqual(["status", "stream", "comm_msg", "status"]);
    expect((await comms("echo"))["comms"]).toEqual({ [opened.id]: { target_name: "echo" } });
    expect((await comms("other"))["comms"]).toEqual({});
  });

  test("what a page closes is closed, once", async () => {
    await kernel.send("comm_close", { comm_id: opened.id, data: {} });
    await kernel.send("comm_close", { comm_id: opened.id, data: {} });
    expect(await value("heard.filter((one) => one === 'closed').length")).toBe("1");
    expect(of(await page.message(opened.id, {}), "comm_close")).toHaveLength(1);
  });

  test("messages reach handlers while a cell waits, and after a synchronous one", async () => {
    const { id } = await page.open("echo");
    const waiting = run("await sleep(400); 'waited'");
    await page.until(() => of(page.messages, "execute_input").at(-1)?.content["code"] === "await sleep(400); 'waited'");
    expect(of(await page.message(id, 5), "comm_msg")).toHaveLength(1);
    expect(of(page.messages, "execute_result").at(-1)?.content["data"]).not.toEqual({ "text/plain": "waited" });
    const cell = await waiting;
    expect([resultText(cell), printed(cell.outputs)]).toEqual(["waited", ""]);
    const busy = run("const end = performance.now() + 200; while (performance.now() < end); 'looped'");
    const late = page.message(id, 6);
    expect(resultText(await busy)).toBe("looped");
    expect(of(await late, "comm_msg")).toHaveLength(1);
  });

  test("a handler that throws, rejects or loops ends nothing", async () => {
    await run(`notebookChannel()?.registerTarget("bad", () => ({ message: ({ data }) => {
  if (data === "throw") throw new RangeError("thrown in a handler");
  if (data === "loop") for (;;);
  return Promise.reject(new RangeError("rejected in a handler"));
} }));
notebookChannel()?.registerTarget("worse", () => { throw new Error("no comm for you") });`);
    const { id } = await page.open("bad");
    expect(stderr(await page.message(id, "throw"))).toMatch(/RangeError: thrown in a handler[^]*cell\[\d+\]/);
    const looping = page.message(id, "loop");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await kernel.interrupt();
    expect(stderr(await looping)).toContain("interrupted");
    await page.message(id, "reject");
    await page.until(() => stderr(page.messages).includes("rejected in a handler"));
    const refused = await page.open("worse");
    expect(of(refused.heard, "comm_close")).toHaveLength(1);
    expect(await value("'alive'")).toBe("alive");
  });

  test("malformed messages and unknown ids are answered or passed over", async () => {
    const before = Object.keys((await comms())["comms"] as Content).length;
    for (const comm_id of [undefined, 5, "", "x".repeat(10_000), {}]) {
      await kernel.send("comm_open", { comm_id, target_name: "echo", data: {} });
      await kernel.send("comm_msg", { comm_id, data: {} });
      await kernel.send("comm_close", { comm_id });
    }
    for (const target of ["__proto__", "constructor", "jupyter.widget", 7])
      expect(of((await page.open(target as string)).heard, "comm_close")).toHaveLength(1);
    for (const id of ["__proto__", "toString"]) expect(of(await page.message(id, {}), "comm_close")).toHaveLength(1);
    expect(Object.keys((await comms())["comms"] as Content)).toHaveLength(before);
  });

  test("what cells send is plain data of bounded size", async () => {
    const { id } = await page.open("echo");
    await run(
      `const wild = notebookChannel()!.openComm({ target: "t", data: { self: null as unknown, f: () => 1, n: NaN, d: new Date(0) } }, {});`,
    );
    const [open] = of(page.messages, "comm_open").slice(-1);
    expect(open.content["data"]).toEqual({ self: null, n: null, d: "1970-01-01T00:00:00.000Z" });
    const large = await run(`wild.send("x".repeat(33_000_000))`);
    expect(described(large)).toMatch(/InvalidArgumentError[^]*more than 32,000,000 characters/);
    expect(described(await run(`wild.send(1, [5 as unknown as Uint8Array])`))).toContain("no typed array");
    expect(described(await run(`wild.close(); wild.send(1)`))).toContain("closed");
    await kernel.send("comm_close", { comm_id: id });
  });

  test("one whose bytes cannot be sent is not open", async () => {
    const openNow = async () => Object.keys((await comms())["comms"] as Content);
    const before = await openNow();
    const refused = await run(
      `notebookChannel()!.openComm({ target: "t", data: 1, buffers: [5 as unknown as Uint8Array] }, {})`,
    );
    expect(described(refused)).toContain("no typed array");
    expect(await openNow()).toEqual(before);
  });
});

describe("controls", () => {
  test("one that is shown is a view with its static picture, and opens its layout and style", async () => {
    const { outputs } = await run(
      `const width = nb.slider(0, 0.95, { value: 0.5, label: "width", layout: { width: "50%" } }); width`,
    );
    const model = page.model("width");
    expect(outputs).toMatchObject([
      {
        data: {
          "application/vnd.jupyter.widget-view+json": { model_id: model.id, version_major: 2, version_minor: 0 },
          "text/html": "<div>width: <b>0.50</b></div>",
          "text/plain": "width: 0.50",
        },
      },
    ]);
    const open = of(page.messages, "comm_open").find(({ content }) => content["comm_id"] === model.id);
    expect(open?.metadata).toEqual({ version: "2.1.0" });
    expect(model.state).toMatchObject({ _model_name: "FloatSliderModel", value: 0.5, min: 0, max: 0.95, step: 0.01 });
    const reference = (key: string) => page.models.get(String(model.state[key]).replace("IPY_MODEL_", ""))?.state;
    expect(reference("layout")).toMatchObject({ _model_name: "LayoutModel", width: "50%" });
    expect(reference("style")).toMatchObject({ _model_name: "SliderStyleModel" });
  });

  test("values go both ways; other pages hear of them; what is not allowed is put back", async () => {
    await run(`width.onChange((now) => heard.push(["width", now]))`);
    const model = page.model("width");
    const echoed = await page.update(model, { value: 0.25 });
    expect(of(echoed, "comm_msg").map(({ content }) => content["data"])).toEqual([
      { method: "echo_update", state: { value: 0.25 }, buffer_paths: [] },
    ]);
    await run("width.value = 0.75");
    expect(model.state["value"]).toBe(0.75);
    // Past its end, no number, a field that pages do not have, one that no model has.
    for (const state of [
      { value: 7 },
      { value: "much" },
      { value: null },
      { max: 9 },
      { __proto__x: 1 },
      { nobody: 1 },
    ])
      await page.update(model, state);
    expect(model.state).toMatchObject({ value: 0.95, max: 0.95 });
    expect(await value(`JSON.stringify(heard.filter((one) => Array.isArray(one)))`)).toBe(
      JSON.stringify([["width", 0.25], ["width", 0.75], ["width", 0.95]]), // prettier-ignore
    );
  });

  test("hostile states are refused and end nothing", async () => {
    const model = page.model("width");
    const bytes = [new Uint8Array([1])];
    for (const data of [
      null,
      5,
      [],
      {},
      { method: 5 },
      { method: "dance" },
      { method: "update" },
      { method: "update", state: [] },
    ])
      expect(stderr(await page.message(model.id, data))).toContain("a control got");
    for (const path of [[], ["__proto__", "x"], ["constructor", "prototype", "x"], ["value", 0], "value"])
      expect(stderr(await page.update(model, { value: 0.1 }, [path], bytes))).toContain("a control got");
    await page.message(model.id, {
      method: "update",
      state: JSON.parse(`{ "__proto__": { "value": 9 }, "value": 0.5 }`) as object,
    });
    await page.message(model.id, { method: "update", state: { value: "x".repeat(5_000_000) } });
    expect(await value(`JSON.stringify([width.value, ({} as { x?: number }).x])`)).toBe("[0.5,null]");
  });

  test("bytes of a state go beside it, both ways", async () => {
    await run(`const own = nb.anyControl({ esm: "export default {}", state: { count: 1, bytes: new Uint8Array([1, 2, 3]) } });
own.onMessage((content, buffers) => own.send({ content, sizes: buffers.map((one) => one.length) }));
own`);
    const { id } = page.model("AnyModel");
    const open = of(page.messages, "comm_open").find(({ content }) => content["comm_id"] === id);
    expect((open?.content["data"] as Content)["buffer_paths"]).toEqual([["bytes"]]);
    expect([...(open?.buffers?.[0] ?? [])]).toEqual([1, 2, 3]);
    await page.update({ id, state: {} }, { count: 2 }, [["bytes"]], [new Uint8Array([9, 8])]);
    expect(await value("JSON.stringify([own.state.count, [...own.state.bytes]])")).toBe("[2,[9,8]]");
    const custom = await page.message(id, { method: "custom", content: "hello" }, [new Uint8Array(4)]);
    expect(of(custom, "comm_msg")[0].content["data"]).toEqual({
      method: "custom",
      content: { content: "hello", sizes: [4] },
    });
  });

  test("clicks reach a button, choices their values, boxes their pages, outputs what is captured", async () => {
    await run(`const press = nb.button("press"); press.onClick(() => heard.push("click"));
const choose = nb.dropdown({ one: 1, two: 2 }, { label: "choose" });
const log = nb.output();
const pages = nb.tabs({ first: nb.hbox([press, choose]), second: log }); pages`);
    await page.message(page.model("press").id, { method: "custom", content: { event: "click" } });
    await page.update(page.model("choose"), { index: 1 });
    await page.update(page.model("choose"), { index: 2 });
    await page.update(page.model("TabModel"), { selected_index: 1 });
    await page.update(page.model("TabModel"), { selected_index: 2 });
    expect(await value("JSON.stringify([heard.at(-1), choose.value, pages.selected])")).toBe('["click",2,1]');
    const { outputs } = await run(
      `await log.capture(async () => { console.log("kept"); await sleep(20); nb.display(nb.html\`<b>shown</b>\`); })`,
    );
    expect(outputs).toEqual([]);
    await page.until(() => (page.model("OutputModel").state["outputs"] as unknown[]).length === 2);
    expect(page.model("OutputModel").state["outputs"]).toMatchObject([
      { text: "kept\n" },
      { data: { "text/html": "<b>shown</b>" } },
    ]);
  });

  test("a page that is loaded later gets every state at once", async () => {
    const { id } = await page.open("jupyter.widget.control");
    const [answer] = of(await page.message(id, { method: "request_states" }), "comm_msg");
    const { states, method } = answer.content["data"] as { states: Record<string, Content>; method: string };
    const open = Object.keys((await comms("jupyter.widget"))["comms"] as Content).sort();
    expect([method, Object.keys(states).sort()]).toEqual(["update_states", open]);
    expect(states[page.model("width").id]).toMatchObject({ model_name: "FloatSliderModel", state: { value: 0.5 } });
  });
});

describe("interact", () => {
  const shown = () => [...page.displays].filter(([id]) => /^interaction-\d+$/.test(id)).at(-1)?.[1]["text/plain"];
  const notes = () => [...page.displays].filter(([id]) => id.endsWith("-notes")).at(-1)?.[1]["text/plain"];
  let model: Model;

  test("shows controls and the result for their first values", async () => {
    const { outputs, status } = await run(`const seen: number[] = [];
const both = nb.interact({ share: nb.slider(0, 1, { value: 0.5, step: 0.005 }), name: nb.text({ value: "a" }) }, async ({ share, name }) => {
  if (share === 0.125) throw new RangeError("not this share");
  if (share === 0.25) { await sleep(20); for (let i = 0; i < 500; i++) { await sleep(10); if (currentSignal()?.aborted) throw new CancelledError("it"); } }
  console.log("computed", share);
  seen.push(share);
  return \`\${name} \${share}\`;
}); both`);
    expect(status).toBe("ok");
    model = page.model("share");
    expect(outputs.map((output) => ("data" in output ? output.data["text/plain"] : output.output_type))).toEqual([
      "share: 0.500\nname: a",
      "computed 0.5",
      "a 0.5",
    ]);
  });

  test("200 quick values leave one final state, and few computations", async () => {
    for (let k = 1; k <= 200; k++) void page.update(model, { value: k / 200 });
    await page.until(() => shown() === "a 1");
    await page.until(() => notes() === "share: 1.000 · name: a\ncomputed 1");
    expect(model.state["value"]).toBe(1);
    expect(JSON.parse(String(await value("JSON.stringify(seen)"))) as number[]).toSatisfy(
      (all: number[]) => all.at(-1) === 1 && all.length < 100,
    );
  });

  test("a newer value cancels the computation for an older one, at once", async () => {
    await page.update(model, { value: 0.25 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await page.update(model, { value: 0.75 });
    await page.until(() => shown() === "a 0.75", 2500);
    expect(await value("seen.includes(0.25)")).toBe("false");
  });

  test("an error is shown in place, and an interrupt; the next value computes again", async () => {
    await page.update(model, { value: 0.125 });
    await page.until(() => /RangeError: not this share[^]*cell\[\d+\]/.test(String(shown())));
    await page.update(model, { value: 0.25 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await kernel.interrupt();
    await page.until(() => String(shown()).includes("interrupted"), 2500);
    await page.update(model, { value: 0.875 });
    await page.until(() => shown() === "a 0.875");
  });

  test("it waits for a cell, and a cell for it; each has its own signal", async () => {
    const cell = run("await sleep(300); String(currentSignal()?.aborted)");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await page.update(model, { value: 0.25 });
    await page.update(model, { value: 0.375 });
    expect(resultText(await cell)).toBe("false");
    await page.until(() => shown() === "a 0.375");
    await page.update(model, { value: 0.25 });
    const waiting = run("'after'");
    await page.update(model, { value: 0.625 });
    expect(resultText(await waiting)).toBe("after");
    await page.until(() => shown() === "a 0.625");
  });

  test("a page that was loaded after the cell ran sees results among the controls", async () => {
    const other = new Channels(kernel.connection);
    const id = "second-page";
    other.request("shell", "comm_open", { comm_id: id, target_name: "jupyter.widget.control", data: {} });
    other.request("shell", "comm_msg", { comm_id: id, data: { method: "request_states" } });
    await page.until(() => JSON.stringify(page.model("OutputModel").state["outputs"]).includes("a 0.625"));
    other.close();
    await page.update(model, { value: 1 });
    await page.until(() => JSON.stringify(page.model("OutputModel").state["outputs"]).includes("a 1"));
  });

  test("closed, it leaves no control behind", async () => {
    await run("both.close(); nb.closeControls();");
    expect((await comms("jupyter.widget"))["comms"]).toEqual({});
    expect([await value("nb.openControls()"), page.models.size]).toEqual(["0", 0]);
  });
});
