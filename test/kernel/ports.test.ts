// A port that another process took between its choice and the kernel's start costs a try, not the notebook.
import { createServer, type AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { writeConnectionFile } from "../../kernel/client/connection-file";
import { long } from "../long";

const holder = createServer();
beforeAll(() => new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve)));
afterAll(() => void holder.close());

/** A connection file whose shell port is another process's. */
async function taken(): Promise<Awaited<ReturnType<typeof writeConnectionFile>>> {
  const file = await writeConnectionFile();
  const connection = { ...file.connection, shell_port: (holder.address() as AddressInfo).port };
  writeFileSync(file.path, JSON.stringify(connection));
  return { ...file, connection };
}

test("a port that was taken meanwhile is chosen anew", async () => {
  let asked = 0;
  const kernel = await KernelClient.start({ connectionFile: () => (++asked < 2 ? taken() : writeConnectionFile()) });
  try {
    expect(asked).toBe(2);
    expect(await kernel.execute("1 + 1")).toMatchObject({ status: "ok" });
  } finally {
    await kernel.shutdown();
  }
});

long("a kernel that never finds a port is given up, saying why", async () => {
  let asked = 0;
  const start = KernelClient.start({ connectionFile: () => (asked++, taken()) });
  await expect(start).rejects.toThrow(/ended while it started[^]*Address already in use/);
  expect(asked).toBe(3);
});
