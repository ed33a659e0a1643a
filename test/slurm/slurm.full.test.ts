import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import {
  computeRun,
  expandGrid,
  planRuns,
  resolveConfig,
  type RunConfig,
  RunStore,
  submitToSlurm,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { newStore } from "../experiments/tiny";

const execute = promisify(execFile);
const cluster = inRepository("test", "slurm", "cluster.sh");

/** Why the test cannot run here, or `null`. */
function obstacle(): string | null {
  if (process.getuid?.() !== 0) return "it needs root";
  try {
    execFileSync("which", ["slurmctld", "slurmd", "munged", "sbatch"], { stdio: "ignore" });
    return null;
  } catch {
    return "it needs Debian's packages slurm-wlm and munge";
  }
}

const skipped = obstacle();
if (skipped !== null) console.log(`skipped: the test on a real Slurm cluster: ${skipped}`);

/** Six retrainings: one that fails by its data, one that takes long enough to be preempted. */
function sixConfigs(): RunConfig[] {
  const training = { embeddingSize: 8, learningRate: 1e-5, initialDeviation: 0.1, batchSize: 32, patience: 100_000 };
  const config = (seed: number, epochs: number, coreSize: number) =>
    expandGrid(
      {
        datasets: [{ name: "generated", options: { coreSize } }],
        backbones: [{ name: "mf", options: { ...training, epochs } }],
        methods: [{ name: "retrain" }],
        seeds: [seed],
      },
      (given) => resolveConfig(given, builtInParts),
    )[0];
  return [
    config(1, 20, 5),
    config(2, 20, 10_000),
    config(3, 12_000, 5),
    config(4, 20, 5),
    config(5, 20, 5),
    config(6, 20, 5),
  ];
}

describe.skipIf(skipped !== null)("a real Slurm cluster of one node", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slurm-"));
    await execute(cluster, ["start", folder]);
    process.env["SLURM_CONF"] = join(folder, "slurm.conf");
  });
  afterAll(async () => {
    await execute(cluster, ["stop", folder]);
    delete process.env["SLURM_CONF"];
    await rm(folder, { recursive: true, force: true });
  });

  it("computes an array of six tasks: one fails, one is preempted and goes on, a collector comes last", async () => {
    const store = new RunStore(join(folder, "runs"));
    const plan = await planRuns(sixConfigs(), store, builtInParts, engineName());
    const status = ["status", "ifru-accuracy", "--preset", "tiny", "--store", store.folder];
    const collector = [process.execPath, inRepository("lib", "dist", "commands", "experiment.js"), ...status];
    const jobs = await submitToSlurm(plan, store, "six", collector, { throttle: 2 });
    expect(jobs.map(({ tasks }) => tasks)).toEqual([6, 1]);
    const [array, last] = jobs.map(({ id }) => id);
    const states = async (id: string) =>
      (
        await execute("squeue", ["--noheader", "--array", `--job=${id}`, "--states=all", "--format=%K %T"])
      ).stdout.trim();

    const long = plan[2].run.id;
    while (!(await store.isRunning(long))) await wait(100);
    await wait(1500);
    await execute("scontrol", ["requeue", `${array}_2`]);
    while (!/COMPLETED|FAILED/.test(await states(last))) await wait(300);

    const kinds = await Promise.all(plan.map(async ({ run }) => (await store.read(run.id)).kind));
    expect(kinds).toEqual(["done", "failed", "done", "done", "done", "done"]);
    expect(await states(array)).toMatch(/1 FAILED/);
    const { stdout } = await execute("scontrol", ["show", "job", `${array}_2`]);
    expect(stdout).toMatch(/Restarts=1/);
    const logs = await readdir(join(store.folder, "slurm"));
    expect(logs.filter((name) => name.endsWith("-collect.log"))).toHaveLength(1);
    const log = await readFile(join(store.folder, "slurm", `${array}_2.log`), "utf8");
    expect(log).toMatch(/stopped and saved[^]*: computed/);

    const whole = await newStore();
    await computeRun(plan[2].run, whole, builtInParts);
    const result = (at: RunStore) => readFile(join(at.folderOf(long), "result.json"), "utf8");
    expect(await result(store)).toBe(await result(whole));
    console.log(`${await states(array)}\n${log}`);
  });
});
