// What a kernel answers beside outputs: pages, cleared outputs, history with outputs, and a welcome to subscribers.
import { Subscriber } from "zeromq";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { channelAddress } from "../../kernel/protocol/connection";
import { fromFrames } from "../../kernel/protocol/wire";
import { printed } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

test("a page stands in the reply of its cell alone", async () => {
  const paged = await kernel.execute('import { clearOutput, page } from "recsys-unlearning/notebook"; page("text")');
  expect(paged.reply["payload"]).toEqual([{ source: "page", data: { "text/plain": "text" }, start: 0 }]);
  expect((await kernel.execute("1")).reply["payload"]).toEqual([]);
});

test("cleared output is gone, at once or with what comes next", async () => {
  expect(printed((await kernel.execute("console.log(1); clearOutput(); console.log(2);")).outputs)).toBe("2\n");
  expect(printed((await kernel.execute("console.log(1); clearOutput({ wait: true });")).outputs)).toBe("1\n");
});

test("history has what cells showed, where it is asked for", async () => {
  await kernel.execute("6 * 7");
  await kernel.execute("let silent = 1;");
  const ask = async (output: boolean) => {
    const request = { hist_access_type: "tail", n: 2, output, raw: true };
    const { content } = await kernel.request("shell", "history_request", request);
    return (content["history"] as unknown[][]).map(([, , entry]) => entry);
  };
  expect(await ask(false)).toEqual(["6 * 7", "let silent = 1;"]);
  expect(await ask(true)).toEqual([
    ["6 * 7", "42"],
    ["let silent = 1;", null],
  ]);
});

test("a subscriber is welcomed before anything else, with its topic", async () => {
  await kernel.execute("1"); // ends with the idle status: nothing of an earlier request is still to be sent
  const subscriber = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
  subscriber.connect(channelAddress(kernel.connection, "iopub"));
  subscriber.subscribe("");
  const { message } = fromFrames(kernel.connection.key, (await subscriber.receive()).slice(1));
  subscriber.close();
  expect(message.header.msg_type).toBe("iopub_welcome");
  expect(message).toMatchObject({ parent_header: {}, content: { subscription: "" } });
});
