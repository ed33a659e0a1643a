// A long session: two hundred cells with everything imported.
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { median } from "recsys-unlearning/metrics";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

test("the two-hundredth cell takes no longer than the twentieth", async () => {
  await kernel.execute('import * as everything from "recsys-unlearning"; Object.keys(everything)');
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const code = `const rows${i} = [1, 2, 3].map((value) => ({ value, name: "row ${i}" }));\nrows${i}.length`;
    times.push((await kernel.execute(code)).ms);
  }
  const early = median(times.slice(10, 40));
  const late = median(times.slice(-30));
  console.log(`median cell: ${early.toFixed(1)} ms early, ${late.toFixed(1)} ms late`);
  expect(late).toBeLessThan(2 * early);
});
