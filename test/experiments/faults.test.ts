import type * as FileSystem from "node:fs/promises";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { computeRun } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { newStore, retrainRun } from "./tiny";
import { someOf } from "../long";

/** Makes the n-th call of a file operation fail, and all after it where the disk stays full. */
const fault = vi.hoisted(() => ({ at: Infinity, calls: 0, code: "ENOSPC", lasting: false }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const failing = () => {
    fault.calls++;
    const fails = fault.lasting ? fault.calls >= fault.at : fault.calls === fault.at;
    if (fails) throw Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
  };
  const open: typeof real.open = async (...args) => {
    const writes = args[1] === "wx";
    if (writes) failing();
    const handle = await real.open(...args);
    if (!writes) return handle;
    const [writeFile, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)];
    handle.writeFile = async (...content) => (failing(), writeFile(...content));
    handle.sync = async () => (failing(), sync());
    return handle;
  };
  const rename: typeof real.rename = async (...args) => (failing(), real.rename(...args));
  const link: typeof real.link = async (...args) => (failing(), real.link(...args));
  const mocked = { ...real, open, rename, link };
  return { ...mocked, default: mocked };
});

afterEach(() => Object.assign(fault, { at: Infinity, calls: 0 }));

it.each(
  someOf([
    ["ENOSPC", true],
    ["EIO", false],
  ] as const),
)(
  "%s at any file operation fails the run by name, damages nothing, and the next try succeeds",
  async (code, lasting) => {
    const run = await retrainRun();
    const whole = await newStore();
    await computeRun(run, whole, builtInParts);
    const operations = fault.calls;
    expect(operations).toBeGreaterThan(15);
    const expected = await whole.read(run.id);
    if (expected.kind !== "done") throw new Error("not done");
    for (let at = 1; at <= operations; at++) {
      const store = await newStore();
      Object.assign(fault, { at, calls: 0, code, lasting });
      const outcome = await computeRun(run, store, builtInParts).catch((error: Error) => error.message);
      Object.assign(fault, { at: Infinity });
      const state = await store.read(run.id);
      expect(state.kind).not.toBe("corrupt");
      if (outcome === "computed") expect(state.kind).toBe("done");
      else expect(outcome).toContain(`${code}: injected`);
      expect(["computed", "kept"]).toContain(await computeRun(run, store, builtInParts));
      const after = await store.read(run.id);
      expect(after).toMatchObject({
        kind: "done",
        record: { metrics: expected.record.metrics, files: expected.record.files },
      });
      expect((await readdir(join(store.folderOf(run.id)))).filter((file) => file.endsWith(".partial"))).toEqual([]);
    }
  },
);
