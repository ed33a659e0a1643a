import { describe, expect, it } from "vitest";
import { selectSessions, sessionCount } from "recsys-unlearning/data";
import type { Options } from "recsys-unlearning/experiments";
import { problemFor, task } from "./generated";

/** Session and position of every row to forget, by brute force. */
async function places(request: Options) {
  const problem = await problemFor(request);
  const { train, forgetRows } = problem.request;
  const found = Array.from(forgetRows, (row) => {
    const event = train.row.indexOf(row);
    const session = [...train.offsets].filter((offset) => offset <= event).length - 1;
    const length = train.offsets[session + 1] - train.offsets[session];
    return { event, session, length, position: event - train.offsets[session] };
  });
  return { problem, train, found };
}

describe("requests of sessions", () => {
  it("ask for one item in a fifth of the sessions, from the second half", async () => {
    const { train, found, problem } = await places({});
    expect(found).toHaveLength(Math.floor(sessionCount(train) / 5));
    expect(new Set(found.map(({ session }) => session)).size).toBe(found.length);
    for (const { event, position, length } of found) {
      expect(event).toBeGreaterThanOrEqual(0);
      expect(position).toBeGreaterThanOrEqual(Math.floor(length / 2));
    }
    const { samples } = problem.request;
    expect([...samples.target].sort()).toEqual(found.map(({ event }) => train.item[event]).sort());
    const few = await places({ kind: "session-items", share: 0.05 });
    expect(few.found).toHaveLength(Math.floor(sessionCount(train) / 20));
  });

  it("ask for whole sessions, and for all of some users'", async () => {
    const requests: Options[] = [
      { kind: "whole-sessions", share: 0.1 },
      { kind: "session-users", count: 3 },
    ];
    for (const request of requests) {
      const { train, found, problem } = await places(request);
      const sessions = Int32Array.from(new Set(found.map(({ session }) => session)));
      expect(selectSessions(train, sessions).row.slice().sort()).toEqual(problem.request.forgetRows);
      if (request["kind"] === "session-users")
        expect(new Set(sessions.map((session) => train.user[session])).size).toBe(3);
      else expect(sessions.length).toBe(Math.round(0.1 * sessionCount(train)));
    }
  });

  it("leave Retrain everything else, and nothing of what is to be forgotten", async () => {
    // Random subsets are for estimates of influence: nothing is forgotten there
    for (const kind of Object.keys(task.requests).filter((name) => name !== "session-subsets")) {
      const problem = await problemFor({ kind });
      const { train, forgetRows } = problem.request;
      const rows = task.rows(problem, "retrain");
      const forgotten = new Set(forgetRows);
      const kept = [...train.row].filter((row) => !forgotten.has(row));
      expect([...rows.row].filter((row) => forgotten.has(row))).toEqual([]);
      expect(kept.length - rows.row.length).toBeLessThan(forgetRows.length); // only what is too short afterwards
      expect(task.rows(problem, "original")).toBe(train);
    }
  });
});
