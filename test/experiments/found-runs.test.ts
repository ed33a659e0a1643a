// Looking for runs in a store: what is not there costs nothing, what cannot be read is said.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { redirectAnnouncements } from "../../lib/core";
import { expandView, findRuns, RunStore } from "../../lib/experiments";
import { builtInParts, viewNamed } from "../../lib/reproduction";

const configs = expandView(viewNamed("ifru-time"), { preset: "tiny", only: ["method=ifru"] }, builtInParts);
let folder = "";
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "found-runs-"));
  said = [];
  redirectAnnouncements((line) => said.push(line));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("reads no run of which the store has no folder", async () => {
  const store = new RunStore(folder);
  const read = vi.spyOn(store, "read");
  const found = await findRuns(configs, store, [], builtInParts, "wasm");
  expect(found).toEqual({ records: [], fromStore: 0, fromRecords: 0 });
  expect(read).not.toHaveBeenCalled();
});

it("says of each run that it cannot be read, where the store cannot be listed", async () => {
  writeFileSync(join(folder, "runs"), "no folder");
  const { records } = await findRuns(configs, new RunStore(folder), [], builtInParts, "wasm");
  expect(records).toEqual([]);
  expect(said.filter((line) => line.includes("is there and cannot be read"))).toHaveLength(configs.length);
});
