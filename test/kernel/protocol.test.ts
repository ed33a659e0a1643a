// Jupyter's protocol, message by message, on a real kernel process over real ZeroMQ.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request } from "zeromq";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Execution, KernelClient } from "recsys-unlearning-kernel";
import { Channels } from "../../kernel/client/channels";
import { channelAddress } from "../../kernel/protocol/connection";
import { type Content, type Message, MessageMaker } from "../../kernel/protocol/message";
import { fromFrames, serialize, toFrames } from "../../kernel/protocol/wire";
import { errorOf, plainText, printed, resultText } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const folder = mkdtempSync(join(tmpdir(), "protocol-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (code: string, options = {}) =>
  kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false, ...options });
const askInfo = () => serialize(new MessageMaker("s", "u").make("kernel_info_request", {}));
const signed = (parts: string[]) => toFrames(kernel.connection.key, [], parts);

/** A cell in a loop that reads no message, until `end`. */
function busyCell(options = {}): { readonly ended: Promise<Execution>; readonly end: () => void } {
  const flag = join(folder, `end-${randomUUID()}`);
  const code = `import { existsSync } from "node:fs"; while (!existsSync(${JSON.stringify(flag)})); "ended"`;
  return { ended: run(code, options), end: () => writeFileSync(flag, "") };
}
/** The content of the answer to a request, which has the request's name. */
async function ask(type: string, asked: Content = {}): Promise<Content> {
  const { header, content } = await kernel.request("shell", type, asked);
  expect(header.msg_type).toBe(type.replace("_request", "_reply"));
  return content;
}

describe("requests other than execute", () => {
  test("kernel_info says what the kernel is, on both channels, also while a cell computes", async () => {
    const busy = busyCell();
    const { content } = await kernel.request("control", "kernel_info_request");
    busy.end();
    expect(resultText(await busy.ended)).toBe("ended");
    expect(content).toMatchObject({
      status: "ok",
      protocol_version: "5.4",
      implementation: "recsys-unlearning",
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    });
    expect(await ask("kernel_info_request")).toEqual(content);
  });

  test.each([
    ["const a = 1;", { status: "complete" }],
    ["function f() {", { status: "incomplete", indent: "  " }],
    ["`half", { status: "incomplete" }],
    ["/* half", { status: "incomplete" }],
    ["const 1 = 2;", { status: "invalid" }],
    ["await (1)", { status: "complete" }],
  ])("is_complete of %j", async (code, expected) => {
    expect(await ask("is_complete_request", { code })).toMatchObject(expected);
  });

  test("history has what ran, the last ones, a range, or what matches", async () => {
    const { executionCount } = await run("'remember me'");
    const tail = await ask("history_request", { hist_access_type: "tail", n: 1, output: false, raw: true });
    expect(tail["history"]).toEqual([[0, executionCount, "'remember me'"]]);
    const search = { hist_access_type: "search", pattern: "*remember*", n: 5, unique: true };
    expect((await ask("history_request", search))["history"]).toEqual(tail["history"]);
    const range = { hist_access_type: "range", session: 0, start: executionCount, stop: Number(executionCount) + 1 };
    expect((await ask("history_request", range))["history"]).toEqual(tail["history"]);
  });

  test("there are no comms", async () => {
    expect(await ask("comm_info_request")).toEqual({ status: "ok", comms: {} });
  });

  test("comm_open is answered by comm_close", async () => {
    const seen: Message[] = [];
    const channels = new Channels(kernel.connection);
    await settle();
    const done = new Promise<void>((resolve) => {
      channels.request("shell", "comm_open", { comm_id: "c1", target_name: "jupyter.widget", data: {} }, (message) => {
        seen.push(message);
        if (message.content["execution_state"] === "idle") resolve();
      });
    });
    await done;
    channels.close();
    expect(seen.find(({ header }) => header.msg_type === "comm_close")?.content).toMatchObject({ comm_id: "c1" });
  });

  test("an unknown request is passed over", async () => {
    await expect(kernel.request("shell", "dance_request", {}, 300)).rejects.toThrow(/no answer/);
    expect(resultText(await run("1"))).toBe("1");
  });

  test("completion and inspection know the variables of earlier cells", async () => {
    await run("/** How many people. */\nconst headCount = 3;");
    expect((await ask("complete_request", { code: "headC", cursor_pos: 5 }))["matches"]).toContain("headCount");
    const { data } = (await ask("inspect_request", { code: "headCount", cursor_pos: 2 })) as { data: Content };
    expect(data["text/plain"]).toContain("const headCount: 3");
    expect((await ask("inspect_request", { code: "1 + 1", cursor_pos: 2 }))["found"]).toBe(false);
  });
});

describe("execute flags", () => {
  test("silent: no output, no number, an answer all the same", async () => {
    const before = (await run("0")).executionCount;
    const types: string[] = [];
    const onMessage = ({ header }: Message) => types.push(header.msg_type);
    const quiet = await run("console.log('x'); 5", { silent: true, onMessage });
    expect(quiet).toMatchObject({ status: "ok", outputs: [], executionCount: before });
    expect(types).toEqual(["status", "status"]);
    expect((await run("0")).executionCount).toBe(Number(before) + 1);
  });

  test("store_history false: output, but no number of its own", async () => {
    const before = (await run("0")).executionCount;
    expect(resultText(await run("5", { store_history: false }))).toBe("5");
    expect((await run("0")).executionCount).toBe(Number(before) + 1);
  });

  test("user expressions are evaluated after the cell, each by itself", async () => {
    const user_expressions = { sum: "a + b", wrong: "nothing.there", late: "await Promise.resolve(7)" };
    const { reply } = await run("const a = 1; const b = 2;", { user_expressions });
    expect(reply["user_expressions"]).toMatchObject({
      sum: { status: "ok", data: { "text/plain": "3" } },
      wrong: { status: "error", ename: "TypeScriptError" },
      late: { status: "ok", data: { "text/plain": "7" } },
    });
  });

  test("stop_on_error false: what is queued behind an error runs", async () => {
    const [failed, next] = await Promise.all([run("throw new Error('x')"), run("'ran'")]);
    expect(failed.status).toBe("error");
    expect(resultText(next)).toBe("ran");
  });

  test("with the default, an error aborts what is queued and nothing that comes later", async () => {
    const stop = { stop_on_error: true };
    const [failed, queued] = await Promise.all([run("throw new Error('x')", stop), run("'ran'", stop)]);
    expect([failed.status, queued.status]).toEqual(["error", "aborted"]);
    expect(resultText(await run("'ran'", stop))).toBe("ran");
  });
});

describe("outputs", () => {
  test("a display can be updated and a cell's output cleared, at once or with what comes next", async () => {
    const update =
      'import * as tslab from "tslab"; const d = tslab.newDisplay(); d.html("<i>1</i>"); d.html("<i>2</i>");';
    expect((await run(update)).outputs).toMatchObject([{ data: { "text/html": "<i>2</i>" } }]);
  });

  test("stdout and stderr keep their order, and text that comes in pieces of a character is whole", async () => {
    const code =
      'console.log("a"); console.error("b"); const bytes = Buffer.from("ü");' +
      'process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1)); console.log("c");';
    const { outputs } = await run(code);
    expect(outputs.map((output) => output.output_type === "stream" && [output.name, output.text])).toEqual([
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "üc\n"],
    ]);
  });

  test("a synchronous loop's output is seen while it runs", async () => {
    const flag = join(folder, "seen");
    const wait = `while (!existsSync(${JSON.stringify(flag)}));`;
    const code = `import { existsSync } from "node:fs"; console.log("now"); ${wait} console.log("then")`;
    const { status, outputs } = await run(code, {
      onMessage: ({ header }: Message) => header.msg_type === "stream" && writeFileSync(flag, ""),
    });
    expect([status, printed(outputs)]).toEqual(["ok", "now\nthen\n"]);
  });

  test("past five million characters a cell's output is cut, with a note of how much", async () => {
    const { outputs } = await run("for (let i = 0; i < 60; i++) console.log('x'.repeat(99_999));");
    expect(printed(outputs).length).toBe(5_000_000);
    expect(printed(outputs, "stderr")).toContain("1,000,000 more characters");
  });

  test("long values show their size and head, not a flood", async () => {
    for (const code of [
      "new Float64Array(1e6)",
      "Array.from({ length: 1e6 }, (_, i) => i)",
      "new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))",
      "'x'.repeat(1e7)",
    ]) {
      const text = resultText(await run(code)) ?? "";
      expect(text.length).toBeLessThan(12_000);
      expect(text).toMatch(/\d more|more (items|characters)/);
    }
  });

  test("what JSON cannot hold is shown as what it can", async () => {
    const code = '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { n: 1n, f: NaN, g: () => 1 } }) })';
    expect((await run(code)).outputs).toMatchObject([{ data: { "application/json": { n: "1", f: null } } }]);
  });
});

describe("errors", () => {
  test("a chain of causes is told", async () => {
    const error = errorOf(await run("throw new Error('outer', { cause: new TypeError('inner') })"));
    const traceback = plainText(error?.traceback.join("\n") ?? "");
    expect(traceback).toMatch(/Error: outer[^]*caused by[^]*TypeError: inner/);
  });

  test("what is thrown need not be an error", async () => {
    expect(errorOf(await run("throw { code: 7 }"))).toMatchObject({ ename: "Thrown", evalue: "{ code: 7 }" });
    expect(errorOf(await run("throw undefined"))).toMatchObject({ ename: "Thrown", evalue: "undefined" });
  });

  test("a syntax error is told as soon as a value, with its line", async () => {
    const execution = await run("const x = 1;\nconst y = (2 + ;");
    expect(plainText(errorOf(execution)?.traceback.join("\n") ?? "")).toMatch(/> 2 \| const y/);
    const [wrong, right]: number[][] = [[], []];
    for (let i = 0; i < 5; i++) {
      wrong.push((await run(`const x${i} = (;`)).ms);
      right.push((await run(`const y${i} = ${i};`)).ms);
    }
    expect(Math.min(...wrong) / Math.min(...right)).toBeLessThan(3);
  });

  test("a missing module has a remedy", async () => {
    const text = async (code: string) => plainText(errorOf(await run(code))?.traceback.join("\n") ?? "");
    expect(await text('import x from "no-such-package"')).toContain("remedy: npm install no-such-package");
    expect(await text('import x from "recsys-unlearning/iffru"')).toContain('did you mean "ifru"?');
  });

  test("an error of a finished cell's callback is reported, and the cell that runs now goes on", async () => {
    const first = await run(
      `const shared = globalThis as { secondRuns?: boolean };
       const late = setInterval(() => { if (shared.secondRuns) { clearInterval(late); throw new Error('of the first'); } }, 10); 1`,
    );
    const second = await run(
      "(globalThis as { secondRuns?: boolean }).secondRuns = true; await new Promise((r) => setTimeout(r, 200)); 'second'",
    );
    expect(resultText(second)).toBe("second");
    expect(plainText(printed(second.outputs, "stderr"))).toMatch(`of the first`);
    expect(plainText(printed(second.outputs, "stderr"))).toMatch(`cell[${first.executionCount}]`);
  });

  test("an error in a callback of the running cell fails it at once", async () => {
    const execution = await run(
      "setTimeout(() => { throw new Error('now') }, 20); await new Promise(() => undefined);",
    );
    expect(errorOf(execution)).toMatchObject({ ename: "Error", evalue: "now" });
    expect(execution.status).toBe("error"); // not "timeout"
  });

  test("asking for input is refused", async () => {
    expect(errorOf(await run("for await (const line of process.stdin) line;"))?.ename).toBe("InputRefusedError");
  });
});

describe("clients", () => {
  test("two at once each get their own answers, and see each other's input", async () => {
    const other = new Channels(kernel.connection);
    await settle();
    const content = { code: "'theirs'", silent: false, store_history: true, user_expressions: {} };
    const [reply, ours] = await Promise.all([other.request("shell", "execute_request", content).reply, run("'ours'")]);
    expect(reply.content["status"]).toBe("ok");
    expect(resultText(ours)).toBe("ours");
    other.close();
  });

  test("a wrong signature is not heard", async () => {
    const forger = new Channels({ ...kernel.connection, key: "guessed" });
    await settle();
    const { reply } = forger.request("shell", "execute_request", {
      code: "(globalThis as any).forged = true",
      silent: false,
    });
    const heard = await Promise.race([reply.then(() => true), new Promise((r) => setTimeout(r, 500, false))]);
    forger.close();
    expect(heard).toBe(false);
    expect(resultText(await run("'forged' in globalThis"))).toBe("false");
  });

  test.each([
    ["of one frame", () => ["nothing like a message"], "a message without the delimiter <IDS|MSG>"],
    ["of a delimiter", () => ["<IDS|MSG>"], "a message of 0 parts instead of 4"],
    ["of two parts", () => signed(askInfo().slice(0, 2)), "a message of 2 parts instead of 4"],
    ["that is not JSON", () => signed(["{", "{}", "{}", "{}"]), "a message part that is not JSON"],
    ["that is a list", () => signed(["[]", "{}", "{}", "{}"]), "a message part that is not a JSON object"],
    ["that is null", () => signed(["{}", "{}", "{}", "null"]), "a message part that is not a JSON object"],
    ["of no type", () => signed(["{}", "{}", "{}", "{}"]), "a message whose header has no msg_type or msg_id"],
  ])("a message %s is passed over, which the log says, and the next one is answered", async (_, frames, why) => {
    const ignored = () => kernel.log.split("\n").filter((line) => line === `recsys-unlearning kernel: ignored ${why}`);
    const before = ignored().length;
    const socket = new Dealer({ linger: 0, receiveTimeout: 10_000 });
    socket.connect(channelAddress(kernel.connection, "shell"));
    await socket.send(frames());
    await socket.send(signed(askInfo()));
    const reply = fromFrames(kernel.connection.key, await socket.receive());
    expect(reply.message.header.msg_type).toBe("kernel_info_reply");
    await expect.poll(ignored).toHaveLength(before + 1);
    socket.close();
  });

  test("a message of more than 64 MB is not read, and its peer is let go", async () => {
    const send = async (length: number) => {
      const socket = new Dealer({ linger: 0 });
      let [letGo, answered] = [false, false];
      socket.events.on("disconnect", () => (letGo = true));
      socket.connect(channelAddress(kernel.connection, "shell"));
      const code = `(globalThis as any).taken = ${length} //${"x".repeat(length)}`;
      await socket.send(signed(serialize(new MessageMaker("s", "u").make("execute_request", { code, silent: true }))));
      void socket.receive().then(
        () => (answered = true),
        () => undefined,
      );
      await expect.poll(() => letGo || answered, { timeout: 20_000 }).toBe(true);
      socket.close();
      return { letGo, answered };
    };
    expect(await send(70 * 1024 * 1024)).toEqual({ letGo: true, answered: false });
    expect(resultText(await run("String((globalThis as any).taken)"))).toBe("undefined");
    expect(await send(1024)).toEqual({ letGo: false, answered: true });
    expect(resultText(await run("String((globalThis as any).taken)"))).toBe("1024");
  });

  test("heartbeats are answered while a cell computes", async () => {
    const busy = busyCell();
    const heart = new Request({ linger: 0, receiveTimeout: 10_000 });
    heart.connect(channelAddress(kernel.connection, "hb"));
    await heart.send("beat");
    expect(String((await heart.receive())[0])).toBe("beat");
    heart.close();
    busy.end();
    expect(resultText(await busy.ended)).toBe("ended");
  });
});

/** Sockets connect in the background; iopub hears only what comes after. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
