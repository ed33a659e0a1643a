import { EventEmitter } from "node:events";
import type * as ChildProcesses from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inRepository, RecsysError, redirectAnnouncements } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { type PartsModule, planRuns, runLocally } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { WorkerProcess } from "../../lib/experiments/running/worker-process";
import { newStore, retrainRun, tinyConfigs } from "./tiny";
import { someOf } from "../long";

/** How `fork` fails, if it does. */
const fault = vi.hoisted(() => ({ code: null as string | null, thrown: false }));

vi.mock("node:child_process", async (importOriginal) => {
  const real = await importOriginal<typeof ChildProcesses>();
  const fork = ((...args: Parameters<typeof real.fork>) => {
    if (fault.code === null) return real.fork(...args);
    const error = Object.assign(new Error(`spawn ${fault.code}`), { code: fault.code });
    if (fault.thrown) throw error;
    const child = Object.assign(new EventEmitter(), { pid: undefined, send: () => false });
    process.nextTick(() => child.emit("error", error));
    return child;
  }) as typeof real.fork;
  return { ...real, fork, default: { ...real, fork } };
});

afterEach(() => Object.assign(fault, { code: null, thrown: false }));

const module: PartsModule = {
  path: inRepository("lib", "dist", "reproduction", "built-in-parts.js"),
  name: "builtInParts",
};

/** The processes that this one has started. */
const children = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);

async function worker() {
  const [run, store] = [await retrainRun(), await newStore()];
  return { run, store, worker: new WorkerProcess(store.folder, module, {}) };
}

describe.runIf(process.platform === "linux")("a worker", () => {
  it.each(someOf(["SIGKILL", "SIGTERM", "SIGABRT"] as const))(
    "that dies while idle (%s) is replaced",
    async (signal) => {
      const { run, worker: one } = await worker();
      const before = children();
      expect(await one.compute(run)).toBe("computed");
      const [pid] = children().filter((child) => !before.includes(child));
      process.kill(pid, signal);
      while (children().includes(pid)) await wait(5);
      await wait(20); // its exit has been heard of
      expect(await one.compute(run)).toBe("kept");
      one.stop();
    },
  );

  it.each(
    someOf([
      ["SIGKILL", /the worker process died \(SIGKILL\): systems that are out of memory do that[\s\S]*fewer --workers/],
      ["SIGABRT", /the worker process died \(SIGABRT\): it was out of memory, or of threads[\s\S]*fewer --workers/],
      ["SIGSEGV", /the worker process died \(SIGSEGV\)$/],
    ] as const),
  )("that dies as a run is sent (%s) ends it by name, and the next is computed", async (signal, message) => {
    const { run, worker: one } = await worker();
    const before = children();
    await one.compute(run);
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid, signal);
    await expect(one.compute(run)).rejects.toThrow(message);
    expect(await one.compute(run)).toBe("kept");
    one.stop();
  });

  it("that is stopped is named while it is waited for", async () => {
    const said: string[] = [];
    const quiet = redirectAnnouncements((line) => said.push(line));
    const { run, worker: one } = await worker();
    const before = children();
    await one.compute(run);
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid, "SIGSTOP");
    const computed = one.compute(run);
    while (said.length === 0) await wait(20);
    expect(said).toEqual([`the worker process ${pid} is stopped; kill -CONT ${pid} lets it go on`]);
    process.kill(pid, "SIGCONT");
    expect(await computed).toBe("kept");
    one.stop();
    quiet();
  });

  it.each([
    ["EAGAIN", false, /no worker process can be started: the system is out of processes[\s\S]*fewer --workers/],
    ["EAGAIN", true, /out of processes/],
    ["ENOMEM", false, /out of memory/],
    ["EMFILE", false, /too many files are open/],
  ])("that cannot be started (%s, thrown: %s) ends its run by name", async (code, thrown, message) => {
    const { run, worker: one } = await worker();
    Object.assign(fault, { code, thrown });
    const failed = one.compute(run);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(RecsysError);
    fault.code = null;
    expect(await one.compute(run)).toBe("computed");
    one.stop();
  });

  it("that cannot be started fails the runs of a plan, and the runner ends", async () => {
    const store = await newStore();
    const plan = await planRuns(tinyConfigs(), store, builtInParts, engineName());
    fault.code = "EAGAIN";
    const { failed, computed } = await runLocally(plan, store, builtInParts, { workers: 2, label: "test" });
    expect(computed).toBe(0);
    expect(new Set(failed.map(({ problem }) => problem.split("\n")[0]))).toEqual(
      new Set(["no worker process can be started: the system is out of processes"]),
    );
  });
});
