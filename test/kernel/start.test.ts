// A kernel whose main thread is slow, as on a busy machine, loses no request that arrives while it starts.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kernelArgv, KernelClient } from "recsys-unlearning-kernel";

/** Keeps the main thread busy once the kernel's own first steps are done, for longer than the sockets take to bind. */
const busy = `
if (require("node:worker_threads").isMainThread)
  setImmediate(() => {
    for (const until = Date.now() + 1000; Date.now() < until;);
  });
`;

test("the first request is answered also where it comes before the main thread listens", async () => {
  const script = join(mkdtempSync(join(tmpdir(), "busy-")), "busy.cjs");
  writeFileSync(script, busy);
  const [node, ...words] = kernelArgv();
  const kernel = await KernelClient.start({ argv: [node, "--require", script, ...words], startTimeoutMs: 20_000 });
  await kernel.shutdown();
  expect(kernel.info).toMatchObject({ status: "ok", implementation: "recsys-unlearning" });
});
