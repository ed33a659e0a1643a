import { chmodSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { expandGrid, planRuns, resolveConfig, RunStore, writeGridFile } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { parse } from "yaml";
import { temporaryFolder } from "../temporary-folders";
import { resultBytes, runCli } from "./kills";
import { buildImage, podmanIn, podmanObstacle } from "./podman";

const skipped = podmanObstacle();
if (skipped !== null) console.log(`skipped: run-one in a container: ${skipped}`);

const image = `localhost/recsys-unlearning-test-${process.pid}`;
const [setUp, shared] = skipped === null ? [temporaryFolder("image-"), temporaryFolder("shared-")] : ["", ""];
const store = new RunStore(join(shared, "runs"));

/** A run that takes long enough to be stopped. */
async function longGrid(path: string): Promise<string> {
  const training = { embeddingSize: 8, learningRate: 1e-5, batchSize: 32, patience: 100_000, epochs: 4_000 };
  const grid = {
    datasets: [{ name: "generated" }],
    backbones: [{ name: "mf", options: training }],
    methods: [{ name: "retrain" }],
    seeds: [3],
  };
  const configs = expandGrid(grid, (given) => resolveConfig(given, builtInParts));
  const plan = await planRuns(configs, store, builtInParts, engineName());
  await writeGridFile(path, "long", plan, store);
  return plan[0].run.id;
}

/** The container of the Job in docs/cluster.md, as Kubernetes would start it. */
async function kubernetesCommand(): Promise<string[]> {
  const page = await readFile(inRepository("docs", "cluster.md"), "utf8");
  const [, yaml] = /```yaml\n([^]*?)```/.exec(page) as RegExpExecArray;
  const job = parse(yaml) as { spec: { template: { spec: { containers: { command: string[] }[] } } } };
  return job.spec.template.spec.containers[0].command;
}

/** The image is made of what is committed; what it computes is held to this checkout. */
describe.skipIf(skipped !== null)("the image of containers/Containerfile", () => {
  const podman = skipped === null ? podmanIn(setUp) : undefined!;
  const volume = ["--network", "none", "--volume", `${shared}:/shared`];
  const inImage = (...args: string[]) => podman("run", "--rm", ...volume, image, ...args);
  let commit: string;

  beforeAll(async () => {
    mkdirSync(store.folder);
    for (const folder of [shared, store.folder]) chmodSync(folder, 0o777); // the image's user is not this one
    commit = await buildImage(podman, setUp, image);
  }, 600_000);
  afterAll(async () => {
    await podman("rmi", "--force", image, `${image}-base`);
  });

  it("computes what run-one outside computes, byte by byte, and its records name the commit", async () => {
    const grid = join(shared, "grid.json");
    const planned = "plan ifru-accuracy --preset tiny --seeds 1 --store /shared/runs --grid /shared/grid.json";
    expect(await inImage(...planned.split(" "))).toMatchObject({ status: 0 });
    expect(await inImage("run-one", "/shared/grid.json", "5", "--quiet")).toMatchObject({ status: 0 });
    const [program, ...rest] = await kubernetesCommand();
    const entry = ["--env", "JOB_COMPLETION_INDEX=1", "--entrypoint", program];
    expect(await podman("run", "--rm", ...volume, ...entry, image, ...rest)).toMatchObject({ status: 0 });

    const outside = new RunStore(temporaryFolder("outside-"));
    for (const index of ["5", "1"])
      expect((await runCli(["run-one", grid, index, "--store", outside.folder, "--quiet"])).status).toBe(0);
    const bytes = await resultBytes(store);
    expect(Object.keys(bytes).length).toBeGreaterThanOrEqual(2);
    expect(bytes).toEqual(await resultBytes(outside));

    for (const id of Object.keys(bytes)) {
      const timing = await readFile(join(store.folderOf(id), "timing.json"), "utf8");
      expect(JSON.parse(timing)).toMatchObject({ environment: { commit, dirty: null } });
    }
    const shown = await inImage("show", "ifru-accuracy", "--preset", "tiny", "--seeds", "1", "--store", "/shared/runs");
    expect(shown.stdout).toContain("Retrain");
  });

  it("stops and saves where the container is stopped, with the status that asks to be run again", async () => {
    const id = await longGrid(join(shared, "long.json"));
    const command = ["run-one", "/shared/long.json", "0", "--store", "/shared/runs", "--quiet"];
    const { stdout } = await podman("run", "--detach", ...volume, image, ...command);
    const container = stdout.trim();
    await expect.poll(() => store.isRunning(id), { timeout: 60_000 }).toBe(true);
    await wait(1500);
    await podman("stop", "--time", "60", container);
    expect((await podman("wait", container)).stdout.trim()).toBe("75");
    expect((await podman("logs", container)).stdout).toContain("stopped and saved");
    await podman("rm", container);
    expect(await inImage(...command)).toMatchObject({ status: 0 });
    expect((await store.read(id)).kind).toBe("done");
  });
});
