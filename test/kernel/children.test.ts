// What is written past the cell's own streams is shown with the cell all the same.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { printed, resultText } from "./scenario";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "children-")));
let kernel: KernelClient;
beforeAll(async () => {
  writeFileSync(join(folder, "part.cjs"), "console.log('part', process.argv[2]); console.error('its error');");
  kernel = await KernelClient.start({ cwd: folder });
  await kernel.execute(
    'import { exec, execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process"; import fs from "node:fs";',
  );
});
afterAll(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

const ended = (child: string) => `await new Promise((resolve) => ${child}.on("close", resolve))`;

test.each([
  ["spawnSync", `spawnSync("sh", ["-c", "echo out; echo err >&2"], { stdio: "inherit" })`],
  ["execSync", `execSync("echo out; echo err >&2", { stdio: "inherit" })`],
  ["execFileSync, by descriptors", `execFileSync("sh", ["-c", "echo out; echo err >&2"], { stdio: ["ignore", 1, 2] })`],
  [
    "spawnSync, by streams",
    `spawnSync("sh", ["-c", "echo out; echo err >&2"], { stdio: ["ignore", process.stdout, process.stderr] })`,
  ],
  ["spawn", ended(`spawn("sh", ["-c", "echo out; echo err >&2"], { stdio: "inherit" })`)],
  [
    "the error stream in the place of the other",
    `spawnSync("sh", ["-c", "echo err; echo out >&2"], { stdio: ["ignore", 2, 1] })`,
  ],
  ["descriptors", `fs.writeSync(1, "out\\n"); fs.writeSync(2, Buffer.from("-err\\n-"), 1, 4); 1`],
  ["a file that is a stream", `fs.writeFileSync("/dev/stdout", "out\\n"); fs.appendFileSync(2, "err\\n"); 1`],
])("%s", async (_, code) => {
  const { status, outputs } = await kernel.execute(code, { timeoutMs: 20_000 });
  expect(status).toBe("ok");
  expect([printed(outputs), printed(outputs, "stderr")]).toEqual(["out\n", "err\n"]);
});

test("fork, whose children inherit by default", async () => {
  const { outputs } = await kernel.execute(ended('fork("part.cjs", ["one"])'), { timeoutMs: 20_000 });
  expect([printed(outputs), printed(outputs, "stderr")]).toEqual(["part one\n", "its error\n"]);
});

test("what is asked for as a pipe comes back, errors and status as ever", async () => {
  const code =
    'const r = spawnSync("sh", ["-c", "echo back; exit 3"], { stdio: ["ignore", "pipe", "inherit"] });\n' +
    'let status: unknown; try { execSync("exit 4", { stdio: "inherit" }); } catch (error) { status = (error as { status: number }).status; }\n' +
    '[execSync("echo piped").toString(), r.stdout.toString(), r.status, status]';
  expect(resultText(await kernel.execute(code, { timeoutMs: 20_000 }))).toBe("[ 'piped\\n', 'back\\n', 3, 4 ]");
});

test("what a child writes late belongs to the cell that started it", async () => {
  const first = await kernel.execute('spawn("sh", ["-c", "sleep 0.4; echo late"], { stdio: "inherit" }); 1');
  const second = await kernel.execute("console.log('own'); await new Promise((resolve) => setTimeout(resolve, 900))");
  expect([printed(first.outputs), printed(second.outputs)]).toEqual(["late\n", "own\n"]);
});
