import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import { planRuns, readGridFile, type RunStore, slurmQueue, submitToSlurm } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { shellWord } from "../../lib/experiments/running/slurm";
import { hostileStrings } from "../fixtures/hostile/strings";
import { runCli } from "./kills";
import { temporaryFolder } from "../temporary-folders";
import { newStore, tinyConfigs } from "./tiny";

/** Puts commands first on the path that note how they were called, and answer as Slurm's do. */
async function fakeSlurm(store: RunStore): Promise<{ calls: () => Promise<string[][]> }> {
  const bin = join(store.folder, "bin");
  const log = join(store.folder, "calls");
  await mkdir(bin, { recursive: true });
  const sbatch = `#!/bin/sh
n=$(ls "${log}" 2>/dev/null | wc -l)
mkdir -p "${log}"
printf '%s\\0' "$@" > "${log}/$n.args"
cat > "${log}/$n.script"
echo "$((100 + n / 2))"
`;
  await writeFile(join(bin, "sbatch"), sbatch);
  await writeFile(join(bin, "squeue"), "#!/bin/sh\nprintf 'PENDING\\nPENDING\\nRUNNING\\n'\n");
  for (const name of ["sbatch", "squeue"]) await chmod(join(bin, name), 0o755);
  vi.stubEnv("PATH", `${bin}${delimiter}${process.env["PATH"]}`);
  const calls = async () => {
    const found: string[][] = [];
    for (let n = 0; ; n += 2) {
      const args = await readFile(join(log, `${n}.args`), "utf8").catch(() => null);
      if (args === null) return found;
      found.push([...args.split("\0").slice(0, -1), await readFile(join(log, `${n}.script`), "utf8")]);
    }
  };
  return { calls };
}

afterEach(() => vi.unstubAllEnvs());

/** Ends what a task has left behind. */
function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), "SIGKILL");
  } catch {
    // it has left nothing
  }
}

describe("a submission", () => {
  it("is one array for each step of what rests on what, and a collector after all", async () => {
    const store = await newStore();
    const { calls } = await fakeSlurm(store);
    const plan = await planRuns(tinyConfigs(), store, builtInParts, engineName());
    const jobs = await submitToSlurm(plan, store, "ifru-accuracy", ["node", "it's done"], {
      throttle: 3,
      sbatchOptions: ["--partition=a b"],
    });
    expect(jobs.map(({ id }) => id)).toEqual(["100", "101", "102", "103", "104"]);
    expect(jobs.map(({ tasks }) => tasks)).toEqual([2, 4, 4, 2, 1]);
    const made = await calls();
    expect(made).toHaveLength(jobs.length);
    expect(made[0]).toContain("--array=0-1%3");
    expect(made[0]).toContain("--partition=a b");
    expect(made[0].filter((arg) => arg.startsWith("--dependency"))).toEqual([]);
    expect(made[1]).toContain("--dependency=afterany:100");
    expect(made.at(-1)).toContain(
      `--dependency=afterany:${jobs
        .slice(0, -1)
        .map(({ id }) => id)
        .join(":")}`,
    );
    expect(made.at(-1)?.at(-1)).toContain("'node' 'it'\\''s done'");
    expect(made[0].at(-1)).toContain("#SBATCH --requeue");
  });

  it("is cut where arrays may not be longer, several runs a task where asked", async () => {
    const store = await newStore();
    await fakeSlurm(store);
    const plan = await planRuns(tinyConfigs(["method=retrain"]), store, builtInParts, engineName());
    const six = [0, 1, 2].flatMap((n) =>
      plan.map((planned) => ({ ...planned, run: { ...planned.run, id: `${n}${planned.run.id}` } })),
    );
    const jobs = await submitToSlurm(six, store, "x", ["true"], { maxArraySize: 2, runsPerTask: 2 });
    expect(jobs.map(({ tasks }) => tasks)).toEqual([2, 1, 1]);
  });

  it("says so where there is no sbatch", async () => {
    const store = await newStore();
    const plan = await planRuns(tinyConfigs(["method=retrain"]), store, builtInParts, engineName());
    vi.stubEnv("PATH", store.folder);
    await expect(submitToSlurm(plan, store, "x", ["true"])).rejects.toThrow(/no sbatch/);
    expect(await slurmQueue("x")).toEqual({});
  });

  it("is seen in the queue", async () => {
    await fakeSlurm(await newStore());
    expect(await slurmQueue("x")).toEqual({ pending: 2, running: 1 });
  });
});

describe("a task", () => {
  it("computes its run and what it rests on, from the grid file and a number alone", async () => {
    const store = await newStore();
    const { calls } = await fakeSlurm(store);
    const plan = await planRuns(tinyConfigs(["mode=paper", "seed=1"]), store, builtInParts, engineName());
    await submitToSlurm(plan, store, "ifru-accuracy", ["true"]);
    const script = (await calls())[0].at(-1) as string;
    const [gridFile] = /[^']*\/grids\/[^']*\.json/.exec(script) as RegExpExecArray;
    expect((await readGridFile(gridFile, 2)).run.config.method).toBe("ifru");
    await expect(readGridFile(gridFile, 3)).rejects.toThrow(/no run 3[^]*0 to 2/);
    const { stdout, status } = await runCli(["run-one", gridFile, "2", "--quiet"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/ifru on generated .*: computed/);
    expect(await store.ids()).toHaveLength(3);
    expect((await runCli(["run-one", gridFile, "2", "--quiet"])).stdout).toMatch(/: kept/);
  });

  it("run by its batch script does all its runs, and passes failure on", async () => {
    const store = await newStore();
    const { calls } = await fakeSlurm(store);
    const plan = await planRuns(tinyConfigs(["method=retrain"]), store, builtInParts, engineName());
    await submitToSlurm(plan, store, "x", ["true"], { runsPerTask: 2 });
    const path = join(store.folder, "task.sh");
    await writeFile(path, (await calls())[0].at(-1) as string);
    const run = (task: string) =>
      promisify(execFile)("bash", [path], { env: { ...process.env, SLURM_ARRAY_TASK_ID: task } });
    await run("0");
    expect(await store.ids()).toHaveLength(2);
    await expect(run("1")).rejects.toMatchObject({ code: 1 });
  });

  it.runIf(process.platform !== "win32")("that is told to end tells its run, and asks to be queued again", async () => {
    const store = await newStore();
    const { calls } = await fakeSlurm(store);
    const plan = await planRuns(tinyConfigs(["method=retrain"]), store, builtInParts, engineName());
    await submitToSlurm(plan, store, "x", ["true"], { runsPerTask: 2 });
    const script = (await calls())[0].at(-1) as string;
    // A run that saves for a moment when it is told to end, and leaves with the status that asks to be run again.
    const run = `process.once("SIGTERM", () => setTimeout(() => process.exit(75), 200));
      setInterval(() => {}, 1000); console.log("runs", process.argv[1]);`;
    const stub = [process.execPath, "-e", run].map(shellWord).join(" ");
    const path = join(store.folder, "task.sh");
    await writeFile(
      path,
      script.replace(/^.* 'run-one' .*(?= "\$run" &$)/m, () => `  ${stub}`),
    );
    const requeued = join(store.folder, "requeued");
    const scontrol = join(store.folder, "bin", "scontrol");
    await writeFile(scontrol, `#!/bin/sh\necho "$@" >> ${shellWord(requeued)}\n`);
    await chmod(scontrol, 0o755);
    const env = { ...process.env, SLURM_ARRAY_JOB_ID: "100", SLURM_ARRAY_TASK_ID: "0" };
    const task = spawn("bash", [path], { env, stdio: ["ignore", "pipe", "inherit"], detached: true });
    onTestFinished(() => endGroup(task));
    const ended = new Promise((resolve) => task.once("exit", (code, signal) => resolve(code ?? signal)));
    let said = "";
    task.stdout.on("data", (text) => {
      if (said === "") task.kill("SIGTERM"); // the batch shell alone, as `--signal=B:TERM` has it
      said += String(text);
    });
    expect(await ended).toBe(75);
    expect(said).toBe("runs 0\n"); // and not the next run of the task
    expect(await readFile(requeued, "utf8")).toBe("requeue 100_0\n");
  });
});

describe("a word for the shell", () => {
  it("is itself, whatever it holds", async () => {
    const texts = hostileStrings.filter(
      (name) => !name.includes("\u0000") && !/[\ud800-\udfff](?![\udc00-\udfff])/.test(name),
    );
    const script = join(temporaryFolder("words-"), "script"); // too long for a command line
    await writeFile(script, `printf '%s\\0' ${texts.map(shellWord).join(" ")}`);
    const { stdout } = await promisify(execFile)("bash", [script], { maxBuffer: 1e8 });
    expect(stdout.split("\0").slice(0, -1)).toEqual(texts);
  });
});
