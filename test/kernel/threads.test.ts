// Cells whose operations several threads compute.
import { expect, it } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { inRepository } from "recsys-unlearning/core";
import { errorOf, printed, resultText } from "./scenario";

const prepare = `import { createWorkspace, operations } from "recsys-unlearning/engine";
import { sha256 } from "recsys-unlearning/core";
const room = createWorkspace();
const [a, b, out] = [1, 2, 3].map((x) => room.float32(512 * 512).fill(x / 7));
const multiply = () => operations().matMul({ a, b, out, rows: 512, inner: 512, columns: 512 });
const hash = () => { out.fill(0); multiply(); return sha256(new Uint8Array(out.slice().buffer)); };
for (let n = 0; n < 20; n++) multiply();
const before = hash();`;

it("are interrupted in the middle of an operation, and the kernel goes on and ends", async () => {
  const kernel = await KernelClient.start({ cwd: inRepository("test"), env: { RECSYS_THREADS: "3" } });
  try {
    const run = (code: string) => kernel.execute(code, { timeoutMs: 60_000 });
    expect((await run(prepare)).status).toBe("ok");
    for (let round = 0; round < 3; round++) {
      let works: () => void = () => undefined;
      const working = new Promise<void>((resolve) => (works = resolve));
      const onMessage = ({ header }: { header: { msg_type: string } }) => header.msg_type === "stream" && works();
      const running = kernel.execute("console.log(1); for (;;) multiply();", { timeoutMs: 60_000, onMessage });
      await working;
      await kernel.interrupt();
      const execution = await running;
      expect(printed(execution.outputs)).toBe("1\n");
      expect(errorOf(execution)?.ename).toBe("Interrupted");
      expect(resultText(await run("hash() === before"))).toBe("true");
    }
  } finally {
    await kernel.shutdown();
  }
});
