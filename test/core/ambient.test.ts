import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  announce,
  Breather,
  CancelledError,
  currentSignal,
  type ProgressEvent,
  ProgressTask,
  redirectAnnouncements,
  setCurrentSignal,
  setProgressSink,
  throwIfCancelled,
} from "recsys-unlearning/core";

afterEach(() => {
  setCurrentSignal(undefined);
  setProgressSink(undefined);
  vi.restoreAllMocks();
});

describe("cancellation", () => {
  it("does nothing without a signal, or with one that is not aborted", () => {
    expect(currentSignal()).toBeUndefined();
    throwIfCancelled("work");
    const { signal } = new AbortController();
    setCurrentSignal(signal);
    expect(currentSignal()).toBe(signal);
    throwIfCancelled("work");
  });

  it("names the work that was interrupted, and stops short work before it begins", () => {
    setCurrentSignal(AbortSignal.abort());
    expect(() => throwIfCancelled("training mf")).toThrow(new CancelledError("training mf"));
    expect(() => new Breather("scoring")).toThrow("scoring was interrupted");
  });

  it("reaches a loop that only breathes", async () => {
    const controller = new AbortController();
    setCurrentSignal(controller.signal);
    setTimeout(() => controller.abort(), 1);
    const endless = async () => {
      const breather = new Breather("a loop");
      for (;;) await breather.breathe(); // without a turn of the event loop the timer would never fire
    };
    await expect(endless()).rejects.toThrow(CancelledError);
  });

  it("is looked for again after each breath, and costs no turn of the event loop before the time", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const breather = new Breather("work");
    await breather.breathe(); // the first, of whatever the clock was before
    let turns = 0;
    setImmediate(() => turns++);
    now = 49;
    await breather.breathe();
    expect(turns).toBe(0);
    now = 50;
    await breather.breathe();
    expect(turns).toBe(1);
  });
});

describe("many short works in a row", () => {
  it("let the event loop run together, as one long work does", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    await new Breather("the first").breathe();
    let turns = 0;
    setImmediate(() => turns++);
    for (let work = 0; work < 10; work++) {
      now += 9;
      await new Breather("a short work").breathe();
    }
    expect(turns).toBe(1);
  });
});

describe("progress", () => {
  let now: number;
  let events: ProgressEvent[];
  beforeEach(() => {
    now = 1000;
    events = [];
    vi.spyOn(performance, "now").mockImplementation(() => now);
    setProgressSink((event) => events.push(event));
  });

  it("reports the start, at most ten states a second, and the end", () => {
    const task = new ProgressTask("training mf", 100, "epochs");
    for (let done = 1; done <= 100; done++) {
      now += 10;
      task.update(done, `epoch ${done}`);
    }
    task.finish("done");
    expect(events.map(({ done }) => done)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100]);
    expect(events[3]).toEqual({
      ...{ id: events[0].id, label: "training mf", done: 30, total: 100, unit: "epochs", detail: "epoch 30" },
      ...{ elapsedMs: 300, remainingMs: (300 * 70) / 30, finished: false },
    });
    expect(events.at(-1)).toMatchObject({ detail: "done", finished: true, remainingMs: 0 });
  });

  it("does not guess what is left where nobody knows how much there is, or nothing is done", () => {
    const [unknown, empty] = [new ProgressTask("a", null, "bytes"), new ProgressTask("b", 0, "rows")];
    now += 200;
    unknown.update(7);
    empty.update(0);
    expect(events.map(({ remainingMs }) => remainingMs)).toEqual([null, null, null, null]);
  });

  it("tells concurrent work apart, and says nothing without a sink", () => {
    new ProgressTask("a", 1, "rows");
    new ProgressTask("a", 1, "rows");
    expect(events[0].id).not.toBe(events[1].id);
    setProgressSink(undefined);
    new ProgressTask("a", 1, "rows").finish();
    expect(events.length).toBe(2);
  });
});

describe("announcements", () => {
  it("are said once a process, where they were sent", () => {
    const [outer, inner]: [string[], string[]] = [[], []];
    const backToConsole = redirectAnnouncements((line) => outer.push(line));
    announce("core test: first");
    const backToOuter = redirectAnnouncements((line) => inner.push(line));
    announce("core test: first");
    announce("core test: second");
    backToOuter();
    announce("core test: third");
    backToConsole();
    expect(outer).toEqual(["core test: first", "core test: third"]);
    expect(inner).toEqual(["core test: second"]);
  });

  it("go to the console where nobody redirects them", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    announce("core test: console");
    announce("core test: console");
    expect(log.mock.calls).toEqual([["core test: console"]]);
  });
});
