// One interrupt ends a cell, whenever it comes: while the cell is on its way, compiled, loading modules, or at work.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "recsys-unlearning/core";
import { KernelClient } from "recsys-unlearning-kernel";
import { errorOf, resultText } from "./scenario";

const rounds = 80;
const latestMs = 600;
/** The clocks of messages tell milliseconds: an interrupt of the same one is not known to come later. */
const earliestMs = 2;

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const slowTypes =
  "type Long<N extends number, T extends 0[] = []> = T['length'] extends N ? T : Long<N, [...T, 0]>;\n" +
  Array.from({ length: 30 }, (_, i) => `let list${i}: Long<${300 + i}>;`).join("\n");

/** None of them ends by itself. */
const cells: Readonly<Record<string, string>> = {
  "a loop": "for (;;);",
  "a loop after an await": "await null; for (;;);",
  "a loop after a wait": "await new Promise((r) => setTimeout(r, 150)); for (;;);",
  "an endless wait": "await new Promise(() => undefined);",
  "a loop that swallows errors": "for (;;) { try { await new Promise((r) => setTimeout(r, 5)); } catch {} }",
  "slow to compile": `${slowTypes}\nfor (;;);`,
  "a library, then a loop": 'import { tables } from "recsys-unlearning";\nfor (;;) tables.table;',
};

test(`${rounds} cells, each interrupted once at a random moment, end by name and leave the variables`, async () => {
  const random = Random.fromSeed(20);
  await kernel.execute("let kept = 0;");
  for (let round = 1; round <= rounds; round++) {
    const [name, code] = Object.entries(cells)[random.integer(Object.keys(cells).length)];
    const ms = earliestMs + random.integer(latestMs - earliestMs);
    const running = kernel.execute(code, { stop_on_error: false });
    await new Promise((resolve) => setTimeout(resolve, ms));
    await kernel.interrupt();
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 10_000));
    const ended = await Promise.race([running, late]);
    expect(ended && errorOf(ended)?.ename, `round ${round}: ${name}, interrupted after ${ms} ms`).toBe("Interrupted");
    const next = await kernel.execute("++kept", { stop_on_error: false });
    expect(resultText(next), `round ${round}: after ${name}, interrupted after ${ms} ms`).toBe(String(round));
  }
}, 300_000);

test("a module whose loading was interrupted is loaded again", async () => {
  const slow =
    'import { mkdtempSync, writeFileSync } from "node:fs";\nimport { tmpdir } from "node:os";\nimport { createRequire } from "node:module";\n' +
    "const folder = mkdtempSync(`${tmpdir()}/slow-`);\n" +
    "writeFileSync(`${folder}/slow.js`, 'const to = Date.now() + 1500; while (Date.now() < to); exports.whole = true;');\n" +
    "const load = createRequire(`${folder}/x.js`);\nconsole.log('loads');";
  await kernel.execute(slow);
  const running = kernel.execute("load('./slow.js'); for (;;);", { stop_on_error: false });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await kernel.interrupt();
  expect(errorOf(await running)?.ename).toBe("Interrupted");
  expect(resultText(await kernel.execute("load('./slow.js').whole"))).toBe("true");
});
