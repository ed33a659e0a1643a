import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, someInteractions } from "../interactions.fixture";

/** Sessions as nested arrays of rows, for a person to read. */
function rowLists(sessions: data.Sessions): number[][] {
  return Array.from({ length: data.sessionCount(sessions) }, (_, session) => [
    ...sessions.row.subarray(sessions.offsets[session], sessions.offsets[session + 1]),
  ]);
}

/** The same once more, the slow way. */
function slowSessions(set: data.Interactions, maxPauseSeconds: number, minLength: number): number[][] {
  const sessions: number[][] = [];
  for (let user = 0; user < set.userCount; user++) {
    const own = [...set.user.keys()].filter((row) => set.user[row] === user);
    own.sort((a, b) => set.time![a] - set.time![b] || a - b);
    own.forEach((row, k) => {
      const pause = k === 0 ? Infinity : set.time![row] - set.time![own[k - 1]];
      if (k === 0 || (maxPauseSeconds > 0 && pause > maxPauseSeconds)) sessions.push([row]);
      else sessions.at(-1)!.push(row);
    });
  }
  return sessions.filter((rows) => rows.length >= minLength);
}

describe("toSessions", () => {
  property.prop([someInteractions, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 4 })])(
    "are each user's rows in order of time, cut at long pauses",
    (set, maxPauseSeconds, minLength) => {
      const sessions = data.toSessions(set, { maxPauseSeconds, minLength });
      expect(rowLists(sessions)).toEqual(slowSessions(set, maxPauseSeconds, minLength));
      expect([...sessions.item]).toEqual(Array.from(sessions.row, (row) => set.item[row]));
      rowLists(sessions).forEach((rows, s) =>
        expect(rows.every((row) => set.user[row] === sessions.user[s])).toBe(true),
      );
    },
  );

  test("rows in order of the file, where there are no times", () => {
    const set = interactionsOf(["ax", "by", "ay", "bx", "az", "cx"].map(([user, item]) => ({ user, item })));
    expect(rowLists(data.toSessions(set, { order: "rows" }))).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    expect(() => data.toSessions(set)).toThrow(/6 of 6 rows have no time/);
    expect(() => data.toSessions(set, { order: "rows", maxPauseSeconds: 60 })).toThrow(/pauses need times/);
    expect(() => data.toSessions(set, { order: "size" as "rows" })).toThrow(core.InvalidOptionError);
  });

  test("the generated dataset's sessions are found again by their pauses", () => {
    const set = data.generateInteractions({ userCount: 20, itemCount: 200, interactionsPerUser: 30, sessionLength: 5 });
    const sessions = data.toSessions(set, { maxPauseSeconds: 3600, minLength: 1 });
    const perUser = data.sessionCount(sessions) / 20;
    expect(perUser).toBeGreaterThan(3);
    expect(perUser).toBeLessThan(16);
  });
});

describe("splitSessions", () => {
  property.prop([someInteractions, fc.integer()])("puts every session into one part, whole", (set, seed) => {
    const sessions = data.toSessions(set, { maxPauseSeconds: 5, minLength: 1 });
    const { train, valid, test } = data.splitSessions(sessions, { seed, validShare: 0.2, testShare: 0.2 });
    const parts = [train, valid, test].flatMap(rowLists);
    expect(parts.sort((a, b) => a[0] - b[0])).toEqual(rowLists(sessions).sort((a, b) => a[0] - b[0]));
    expect(data.splitSessions(sessions, { seed, validShare: 0.2, testShare: 0.2 }).test).toEqual(test);
    expect(data.sessionCount(test)).toBe(Math.round(0.2 * data.sessionCount(sessions)));
  });
});

describe("forgetting in sessions", () => {
  property.prop([someInteractions, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer()])(
    "asks for one event of the second half of each session that is drawn",
    (set, share, seed) => {
      const sessions = data.toSessions(set);
      const rows = data.sessionItemRows(sessions, share, seed);
      expect(rows.length).toBe(Math.floor(share * data.sessionCount(sessions)));
      const hit = rowLists(sessions).flatMap((own) => {
        const positions = own.flatMap((row, position) => (rows.includes(row) ? [position] : []));
        expect(positions.every((position) => position >= Math.floor(own.length / 2))).toBe(true);
        return positions.length > 0 ? [positions.length] : [];
      });
      expect(hit).toEqual(Array(rows.length).fill(1));
      expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
      expect(data.sessionItemRows(sessions, share, seed)).toEqual(rows);
    },
  );

  property.prop([someInteractions, fc.array(fc.nat(130)), fc.integer({ min: 1, max: 3 })])(
    "cutting rows out leaves the others in their order",
    (set, rows, minLength) => {
      const sessions = data.toSessions(set, { minLength: 1 });
      const left = data.withoutRows(sessions, Int32Array.from(rows), minLength);
      const expected = rowLists(sessions).map((own) => own.filter((row) => !rows.includes(row)));
      expect(rowLists(left)).toEqual(expected.filter((own) => own.length >= minLength));
      expect([...left.item]).toEqual(Array.from(left.row, (row) => set.item[row]));
    },
  );

  property.prop([someInteractions, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer()])(
    "whole sessions are forgotten whole",
    (set, share, seed) => {
      const sessions = data.toSessions(set, { maxPauseSeconds: 8, minLength: 1 });
      const rows = data.wholeSessionRows(sessions, share, seed);
      const left = rowLists(data.withoutRows(sessions, rows, 1));
      expect(left.every((own) => rowLists(sessions).some((whole) => whole.join() === own.join()))).toBe(true);
      expect(data.sessionCount(sessions) - left.length).toBe(
        Math.max(1, Math.round(share * data.sessionCount(sessions))),
      );
      expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
    },
  );

  test("a user's sessions are all that is theirs", () => {
    const times = [0, 1, 100, 101, 50, 51];
    const set = interactionsOf(
      ["a", "a", "a", "a", "b", "b"].map((user, k) => ({ user, item: `i${k}`, time: times[k] })),
    );
    const sessions = data.toSessions(set, { maxPauseSeconds: 10 });
    expect(data.sessionCount(sessions)).toBe(3);
    expect([...data.sessionUserRows(sessions, [0])]).toEqual([0, 1, 2, 3]);
    expect(() => data.sessionUserRows(sessions, [7])).toThrow(core.NotFoundError);
  });
});
