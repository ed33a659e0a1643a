// What a kernel without a key takes from anybody, and what is left of a kernel that ended.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Dealer } from "zeromq";
import { afterAll, expect, test } from "vitest";
import { KernelClient, kernelArgv } from "recsys-unlearning-kernel";
import { channelAddress } from "../../kernel/protocol/connection";
import { MessageMaker } from "../../kernel/protocol/message";
import { serialize, toFrames } from "../../kernel/protocol/wire";
import { resultText } from "./scenario";

const folder = mkdtempSync(join(tmpdir(), "limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("frames are limited over the whole message, and heartbeats are bounded", async () => {
  const kernel = await KernelClient.start();
  const { connection } = kernel;
  const shell = new Dealer({ linger: 0 });
  shell.connect(channelAddress(connection, "shell"));
  const message = new MessageMaker("limits", "test").make("execute_request", { code: "globalThis.taken = true" });
  const frames = toFrames(connection.key, [], serialize(message));
  await shell.send([...Array.from({ length: 40 }, () => "routing"), ...frames]);
  const large = Array.from({ length: 3 }, () => Buffer.alloc(30e6, 1));
  await shell.send([...large, ...frames]);
  const beat = new Dealer({ linger: 0 });
  beat.connect(channelAddress(connection, "hb"));
  const before = Number(resultText(await kernel.execute("process.memoryUsage().rss")));
  for (let i = 0; i < 4; i++)
    await Promise.race([beat.send(["", Buffer.alloc(50e6, 1)]), new Promise((r) => setTimeout(r, 300))]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(resultText(await kernel.execute("String((globalThis as any).taken)"))).toBe("undefined");
  expect(Number(resultText(await kernel.execute("process.memoryUsage().rss"))) - before).toBeLessThan(100e6);
  expect(kernel.log).toMatch(/ignored a message of \d+ frames and \d+ bytes/);
  for (const socket of [shell, beat]) socket.close();
  await kernel.shutdown();
});

const child = `require("node:child_process").spawn("sleep", ["60"]).pid`;

test("what cells have started goes with a kernel that is killed, and so does its folder", async () => {
  const kernel = await KernelClient.start();
  const runtime = String(resultText(await kernel.execute("process.argv.at(-1)")));
  const pid = Number(resultText(await kernel.execute(child)));
  expect([isAlive(pid), existsSync(dirname(runtime))]).toEqual([true, true]);
  await kernel.execute("process.kill(process.pid, 'SIGKILL')");
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  await expect.poll(() => existsSync(dirname(runtime)), { timeout: 5000 }).toBe(false);
});

test("and with one whose parent was killed", async () => {
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
