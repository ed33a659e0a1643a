import { describe, expect, it } from "vitest";
import type { PlannedRun, Run } from "recsys-unlearning/experiments";
import { stepsOf } from "../../lib/experiments/running/grid-file";
import { WorkQueue } from "../../lib/experiments/running/work-queue";

const planned = (id: string, prerequisites: string[] = [], compute = true) =>
  ({ run: { id } as Run, status: "missing", problem: null, compute, asked: true, prerequisites }) satisfies PlannedRun;

const take = (queue: WorkQueue) => {
  const run = queue.take();
  return typeof run === "string" ? run : run.id;
};

describe("the work queue", () => {
  it("gives a run out when what it rests on is finished", () => {
    const queue = new WorkQueue([planned("a"), planned("b", ["a", "done"]), planned("c", ["b"])]);
    expect(take(queue)).toBe("a");
    expect(take(queue)).toBe("wait");
    queue.end({ id: "a" } as Run, "computed");
    expect(take(queue)).toBe("b");
    queue.end({ id: "b" } as Run, "kept");
    expect(take(queue)).toBe("c");
    expect(take(queue)).toBe("wait");
    queue.end({ id: "c" } as Run, "computed");
    expect(take(queue)).toBe("none");
    expect(queue.report()).toEqual({ computed: 2, kept: 1, failed: [], blocked: 0 });
  });

  it("gives up what rests on a failed run, and only that", () => {
    const queue = new WorkQueue([
      planned("a"),
      planned("b"),
      planned("c", ["a"]),
      planned("d", ["c"]),
      planned("e", ["b"]),
    ]);
    expect([take(queue), take(queue)]).toEqual(["a", "b"]);
    queue.fail({ id: "a" } as Run, "broken");
    queue.end({ id: "b" } as Run, "computed");
    expect(take(queue)).toBe("e");
    queue.end({ id: "e" } as Run, "computed");
    expect(take(queue)).toBe("none");
    const { failed, ...counts } = queue.report();
    expect(counts).toEqual({ computed: 2, kept: 0, blocked: 2 });
    expect(failed.map(({ run, problem }) => [run.id, problem])).toEqual([["a", "broken"]]);
  });

  it("takes back what was not computed, and leaves alone what need not be", () => {
    const queue = new WorkQueue([planned("a"), planned("b", [], false)]);
    expect(queue.total).toBe(1);
    expect(take(queue)).toBe("a");
    queue.putBack({ id: "a" } as Run);
    expect(take(queue)).toBe("a");
  });
});

describe("the steps of a plan", () => {
  it("hold what needs only the steps before", () => {
    const steps = stepsOf([
      planned("a"),
      planned("b", ["a"]),
      planned("c"),
      planned("d", ["b", "c"]),
      planned("e", ["elsewhere"]),
    ]);
    expect(steps.map((step) => step.map(({ id }) => id))).toEqual([["a", "c", "e"], ["b"], ["d"]]);
  });
});
