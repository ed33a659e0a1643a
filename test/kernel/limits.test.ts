// What a kernel without a key takes from anybody, and what is left of a kernel that ended.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Dealer, XSubscriber } from "zeromq";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient, kernelArgv } from "recsys-unlearning-kernel";
import { writeConnectionFile } from "../../kernel/client/connection-file";
import { channelAddress } from "../../kernel/protocol/connection";
import { MessageMaker } from "../../kernel/protocol/message";
import { serialize, toFrames } from "../../kernel/protocol/wire";
import { resultText } from "./scenario";
import { long } from "../long";

const folder = mkdtempSync(join(tmpdir(), "limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ignored = (kernel: KernelClient) =>
  kernel.log.split("\n").filter((line) => line.startsWith("recsys-unlearning kernel: ignored"));

describe("a kernel", () => {
  let kernel: KernelClient;
  const sockets: Dealer[] = [];
  const connected = (channel: "shell" | "hb") => {
    const socket = new Dealer({ linger: 0, receiveTimeout: 20_000 });
    socket.connect(channelAddress(kernel.connection, channel));
    sockets.push(socket);
    return socket;
  };
  const message = (code: string) => {
    const request = new MessageMaker("limits", "test").make("execute_request", { code, silent: true });
    return toFrames(kernel.connection.key, [], serialize(request));
  };
  const typeOf = async (name: string) => resultText(await kernel.execute(`typeof (globalThis as any).${name}`));
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await kernel.shutdown();
  });

  test.each([
    ["32 frames", 26, 8],
    ["64 MB in all, none of them large", 3, 30e6],
  ])("takes messages of at most %s", async (_, count, size) => {
    const shell = connected("shell");
    const before = ignored(kernel).length;
    const routing = (length: number) => Array.from({ length }, () => Buffer.alloc(size, 1));
    await shell.send([...routing(count), ...message("(globalThis as any).tooMuch = 1")]);
    await shell.send([...routing(count === 26 ? 25 : 2), ...message("(globalThis as any).enough = 1")]);
    await shell.receive(); // the answer to the second: the first has been dealt with by then
    expect(await typeOf("enough")).toBe("number");
    expect(await typeOf("tooMuch")).toBe("undefined");
    const said = expect.stringMatching(/a message of \d+ frames and \d+ bytes/) as string;
    await expect.poll(() => ignored(kernel).slice(before)).toEqual([said]);
    await kernel.execute("delete (globalThis as any).enough");
  });

  test("keeps at most 256 MB of requests while a cell computes", async () => {
    const flag = join(folder, "end");
    const busy = kernel.execute(
      `import { existsSync } from "node:fs"; while (!existsSync(${JSON.stringify(flag)})); (globalThis as any).kept = 0`,
      { timeoutMs: 60_000 },
    );
    const shell = connected("shell");
    const { key } = kernel.connection;
    const parts = serialize(
      new MessageMaker("limits", "test").make("execute_request", { code: "(globalThis as any).kept++", silent: true }),
    );
    // Behind the parts of a message may stand buffers, which are counted as well; the protocol does not sign them.
    const frames = toFrames(key, [], parts, [Buffer.alloc(62e6, 1)]);
    const before = ignored(kernel).length;
    for (let n = 0; n < 5; n++) await shell.send(frames);
    await kernel.request("control", "kernel_info_request"); // the thread that reads is not stuck
    try {
      await expect.poll(() => ignored(kernel).slice(before), { timeout: 20_000 }).toHaveLength(1);
    } finally {
      writeFileSync(flag, "");
      await busy;
    }
    expect(ignored(kernel).at(-1)).toMatch(/a request while others of 248\d{6} bytes wait/);
    for (let n = 0; n < 4; n++) await shell.receive();
    expect(resultText(await kernel.execute("(globalThis as any).kept"))).toBe("4");
  });

  test("echoes heartbeats of at most 4 kB, and lets go of who sends larger frames", async () => {
    const beat = connected("hb");
    const echoed = async (...frames: Buffer[]) => {
      await beat.send(["", ...frames]);
      return (await beat.receive()).slice(1).map((frame) => frame.byteLength);
    };
    expect(await echoed(Buffer.alloc(4096))).toEqual([4096]);
    expect(await echoed(Buffer.alloc(2048), Buffer.alloc(2048))).toEqual([2048, 2048]);
    expect(await echoed(Buffer.alloc(2048), Buffer.alloc(2049))).toEqual([0]);
    let letGo = false;
    beat.events.on("disconnect", () => (letGo = true));
    await beat.send(["", Buffer.alloc(4097)]);
    await expect.poll(() => letGo, { timeout: 20_000 }).toBe(true);
  });

  test("takes subscriptions of at most 4 kB, and lets go of who sends larger ones", async () => {
    const subscriber = new XSubscriber({ linger: 0 });
    try {
      let letGo = false;
      subscriber.events.on("disconnect", () => (letGo = true));
      subscriber.connect(channelAddress(kernel.connection, "iopub"));
      await subscriber.send(Buffer.concat([Buffer.of(1), Buffer.alloc(1000, "t")]));
      expect((await subscriber.receive())[0].byteLength).toBe(1000); // the welcome's topic
      expect(letGo).toBe(false);
      await subscriber.send(Buffer.concat([Buffer.of(1), Buffer.alloc(100_000, "t")]));
      await expect.poll(() => letGo, { timeout: 20_000 }).toBe(true);
    } finally {
      subscriber.close();
    }
  });
});

const child = `require("node:child_process").spawn("sleep", ["60"]).pid`;

test.runIf(process.platform !== "win32")(
  "nobody else may read the file with the key, nor list its folder",
  async () => {
    const umask = process.umask(0);
    try {
      const { path, connection, remove } = await writeConnectionFile();
      expect(readFileSync(path, "utf8")).toContain(connection.key);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
      remove();
      expect(existsSync(dirname(path))).toBe(false);
    } finally {
      process.umask(umask);
    }
  },
);

test("what cells have started goes with a kernel that is killed, and so does its folder", async () => {
  const kernel = await KernelClient.start();
  const runtime = String(resultText(await kernel.execute("process.argv.at(-1)")));
  const pid = Number(resultText(await kernel.execute(child)));
  expect([isAlive(pid), existsSync(dirname(runtime))]).toEqual([true, true]);
  await kernel.execute("process.kill(process.pid, 'SIGKILL')");
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  await expect.poll(() => existsSync(dirname(runtime)), { timeout: 5000 }).toBe(false);
});

long("and with one whose parent was killed", async () => {
  const runtime = mkdtempSync(join(tmpdir(), "recsys-kernel-"));
  const ports = [0, 1, 2, 3, 4].map((offset) => 20_000 + ((process.pid * 7 + offset) % 30_000));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const file = join(runtime, "connection.json");
  const ends = { ip: "127.0.0.1", transport: "tcp", key: "k", signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...ends, shell_port, iopub_port, stdin_port, control_port, hb_port }));
  const script = join(folder, "parent.cjs");
  const argv = kernelArgv().map((word) => word.replace("{connection_file}", file));
  writeFileSync(
    script,
    `const { spawn } = require("node:child_process"); const { writeFileSync } = require("node:fs");
     const [command, ...rest] = ${JSON.stringify(argv)};
     const kernel = spawn(command, rest, { detached: true, stdio: "ignore", env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });
     writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(kernel.pid)); setInterval(() => 1, 1000);`,
  );
  const parent = spawn(process.execPath, [script], { stdio: "ignore" });
  await expect.poll(() => existsSync(join(folder, "pid")), { timeout: 10_000 }).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const kernel = Number(readFileSync(join(folder, "pid"), "utf8"));
  expect(isAlive(kernel)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(kernel), { timeout: 8000 }).toBe(false);
  expect(existsSync(runtime)).toBe(false);
});
