import { availableParallelism } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { IdMap, type Sessions } from "recsys-unlearning/data";
import { chosenBenchmarks, groupsOf } from "../../bench/benchmarks";
import { onePart } from "../../bench/libraries/beauty";
import { prefixTable } from "../../bench/libraries/recbole-files";
import { lastLine } from "../../bench/libraries/venvs";
import { epochAndEvaluation, type LibraryPeer, measurementOf, timed, worksOf } from "../../bench/libraries/works";

const work = (seconds: number) => ({ seconds, processorSeconds: 2 * seconds, megabytes: 100 * seconds });

function sessionsOf(...lists: number[][]): Sessions {
  const item = Int32Array.from(lists.flat());
  const offsets = Int32Array.from([0, ...lists.map((_, k) => lists.slice(0, k + 1).flat().length)]);
  const user = Int32Array.from(lists.keys());
  return { item, offsets, user, row: Int32Array.from(item.keys()), itemCount: 9, items: new IdMap("item") };
}

describe("prefixTable", () => {
  it("has the last items of every prefix and the item that came next", () => {
    const lines = prefixTable(sessionsOf([5, 6, 7, 8], [1, 2]), 2).split("\n");
    expect(lines).toEqual([
      "session_id:token\titem_id_list:token_seq\titem_id:token",
      "0\t5\t6",
      "0\t5 6\t7",
      "0\t6 7\t8",
      "4\t1\t2",
      "",
    ]);
  });
});

it("a part of the sessions is every fourth of them", () => {
  const nine = sessionsOf(...Array.from({ length: 9 }, (_, k) => [k, k]));
  expect([...onePart(nine).item]).toEqual([0, 0, 4, 4, 8, 8]);
});

describe("measurementOf", () => {
  const ours = { epoch: work(1), evaluation: { ...work(2), measures: { "recall@20": 0.5 } } };
  const peers = new Map([
    ["whole", { epoch: work(3), evaluation: { ...work(4), measures: { "recall@20": 0.4 } } }],
    ["epoch alone", { epoch: work(5) }],
    ["failed", null],
  ]);

  it("leaves out a peer that did not do it, and keeps one that failed as missing", () => {
    expect(measurementOf("epoch", { ours, peers }).peers).toEqual({ whole: 3, "epoch alone": 5, failed: null });
    expect(measurementOf("evaluation", { ours, peers }).peers).toEqual({ whole: 4, failed: null });
  });

  it("has processor seconds, memory and what shows that the work was done, of each", () => {
    const { megabytes, peerMegabytes, counts, peerCounts } = measurementOf("evaluation", { ours, peers });
    expect({ megabytes, peerMegabytes }).toEqual({ megabytes: 200, peerMegabytes: { whole: 400, failed: null } });
    expect(counts).toEqual({ "processor seconds": 4, "recall@20": 0.5 });
    expect(peerCounts).toEqual({ whole: { "processor seconds": 8, "recall@20": 0.4 } });
  });
});

it("an epoch and an evaluation are measured together, once", async () => {
  const measure = vi.fn(async () => ({ ours: { epoch: work(1), evaluation: work(2) }, peers: new Map() }));
  const { epoch, evaluation } = epochAndEvaluation("pair", { epoch: "", evaluation: "" }, measure);
  expect([epoch.name, evaluation.name]).toEqual(["pair-epoch", "pair-evaluation"]);
  expect([(await epoch.run())?.ours, (await evaluation.run())?.ours]).toEqual([1, 2]);
  expect(measure).toHaveBeenCalledTimes(1);
});

it("the two rows of each measurement share a process", () => {
  const groups = groupsOf(chosenBenchmarks("libraries")).map((group) => group.map(({ name }) => name));
  expect(groups).toHaveLength(4);
  for (const group of groups)
    expect(group.map((name) => name.replace(/-(epoch|evaluation)$/, "*"))).toEqual(
      Array(2).fill(`${group[0].slice(0, -6)}*`),
    );
});

it("our own work is timed by part", async () => {
  const { value, work: taken } = await timed(async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return "done";
  }, 4);
  expect(value).toBe("done");
  expect(taken.seconds).toBeGreaterThan(0.045);
  expect(taken.seconds).toBeLessThan(0.2);
});

describe("worksOf", () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  afterEach(() => said.mockClear());
  const peer: LibraryPeer = { label: "Lib", python: null, script: "none.py", args: [], variables: () => ({}) };

  it("says what is not installed, and how it is", async () => {
    expect([...(await worksOf(peer))]).toEqual([["Lib", null]]);
    expect(said.mock.calls).toEqual([["Lib is left out: it is not installed (npm run peers -- --libraries)"]]);
  });

  it("says what fails and why, for each number of threads, and throws nothing", async () => {
    const counts = [...new Set([1, availableParallelism()])];
    const works = await worksOf({ ...peer, python: process.execPath }); // which has no such script
    expect([...works.values()]).toEqual(counts.map(() => null));
    expect(works.has("Lib, 1 thread")).toBe(true);
    expect(said.mock.calls).toHaveLength(counts.length);
    expect(said.mock.calls[0][0]).toMatch(/^Lib, 1 thread, is left out: ./);
  });
});

it("the last line of what a command said names its error", () => {
  expect(lastLine({ stderr: "Traceback\n  File x\nValueError: no\n", message: "Command failed" })).toBe(
    "ValueError: no",
  );
  expect(lastLine({ stderr: "", message: "spawn ENOENT" })).toBe("spawn ENOENT");
});
