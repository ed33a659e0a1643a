import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderMarker, markFolder, thisProcess } from "recsys-unlearning/core";
import { markerOf } from "../../lib/core/marker";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "marker-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a folder", () => {
  it("that we marked tells by whom, also when it is marked again", async () => {
    expect(await markerOf(folder)).toBeNull();
    for (let times = 0; times < 2; times++) {
      await markFolder(folder);
      expect(await markerOf(folder)).toEqual(thisProcess());
    }
  });

  const { machine, pid, started } = { machine: "a", pid: 1, started: "2" };
  it.each([
    ["empty", ""],
    ["of another program", "{}"],
    ["without a process number", JSON.stringify({ machine, started })],
    ["without a machine", JSON.stringify({ pid, started })],
    ["without a start", JSON.stringify({ machine, pid })],
    ["of other types", JSON.stringify({ machine, pid: "1", started })],
  ])("with a marker that is %s is not ours", async (_, text) => {
    await writeFile(join(folder, folderMarker), text);
    expect(await markerOf(folder)).toBeNull();
  });

  it("with a folder in the marker's place is not ours", async () => {
    await mkdir(join(folder, folderMarker));
    expect(await markerOf(folder)).toBeNull();
  });
});
