import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folders";
import { runCli } from "./kills";

interface Grid {
  readonly store: string;
  readonly runs: readonly { readonly id: string }[];
}

describe("a grid file for any scheduler", () => {
  it("holds what has to be computed, and run-one computes it in any order, in a store that lies elsewhere", async () => {
    const folder = temporaryFolder("grid-");
    const [file, planned, moved] = ["grid.json", "runs", "elsewhere"].map((name) => join(folder, name));
    const on = ["ifru-time", "--preset", "tiny", "--seeds", "1", "--store", planned];
    const { stdout, status } = await runCli(["plan", ...on, "--grid", file]);
    expect(status).toBe(0);
    const { runs, store } = JSON.parse(await readFile(file, "utf8")) as Grid;
    expect(store).toBe(planned);
    expect(stdout).toContain(`${runs.length} runs in ${file}`);
    expect(stdout).toContain(`INDEX is from 0 to ${runs.length - 1}`);

    // The last first, which computes what it rests on; then two at the same time.
    const one = (index: number) => runCli(["run-one", file, String(index), "--store", moved, "--quiet"]);
    expect((await one(runs.length - 1)).status).toBe(0);
    const rest = await Promise.all([one(0), one(1)]);
    expect(rest.map((ended) => ended.status)).toEqual([0, 0]);
    await mkdir(planned, { recursive: true });
    await rename(moved, planned);
    const again = await runCli(["plan", ...on, "--json"]);
    const left = (JSON.parse(again.stdout) as { id: string; compute: boolean }[]).filter(({ compute }) => compute);
    const computed = [runs[0].id, runs[1].id, runs[runs.length - 1].id];
    expect(left.filter(({ id }) => computed.includes(id))).toEqual([]);
    expect(left.length).toBeLessThan(runs.length - 2);
  });

  it("is refused for an index that it does not have, and where it is not there", async () => {
    const missing = await runCli(["run-one", join(temporaryFolder("grid-"), "none.json"), "0"]);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toContain("there is no such grid file");
  });
});
