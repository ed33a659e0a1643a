// Interrupts at every moment: around the end of a loop, twice, with cells queued behind. No answer may be lost, no
// kernel may hang.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "recsys-unlearning/core";
import { KernelClient } from "recsys-unlearning-kernel";
import { resultText } from "./scenario";

const rounds = 60;

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Cells that end by themselves about when the order to end them arrives, and one that never does. */
const cells = [
  (ms: number) => `const to = Date.now() + ${ms}; while (Date.now() < to);`,
  (ms: number) => `await null; const to = Date.now() + ${ms}; while (Date.now() < to);`,
  (ms: number) => `await new Promise((r) => setTimeout(r, ${ms}));`,
  (ms: number) => `const to = Date.now() + ${ms}; while (Date.now() < to) { console.log(1); await null; }`,
  () => "await null; for (;;);",
];

test(`${rounds} rounds of interrupts at random moments lose no answer`, async () => {
  const random = Random.fromSeed(4);
  for (let round = 0; round < rounds; round++) {
    const cell = cells[random.integer(cells.length)];
    const running = [cell(200 + random.integer(500)), "1", "2"].map((code) =>
      kernel.execute(code, { stop_on_error: false }),
    );
    await sleep(random.integer(300));
    await kernel.interrupt();
    if (random.integer(3) === 0) await kernel.interrupt();
    const all = Promise.all(running).then(() => "answered");
    expect(await Promise.race([all, sleep(8000)]), `round ${round}: ${cell(0)}`).toBe("answered");
    await sleep(random.integer(600));
    const after = await kernel.execute(`${round} + 1`, { timeoutMs: 5000 });
    // A late interrupt may hit the next cell, by name; it may not swallow it.
    if (after.status === "ok") expect(resultText(after)).toBe(String(round + 1));
    else expect(after.reply["ename"], `round ${round}`).toBe("Interrupted");
  }
});
