import { fc, test as property } from "@fast-check/vitest";
import { data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, someInteractions } from "../interactions.fixture";

/** Items of each session, for a person to read. */
function itemLists({ offsets, item }: data.Sessions): number[][] {
  return Array.from(offsets.subarray(1), (end, session) => [...item.subarray(offsets[session], end)]);
}

/** Samples as `[history, target]`. */
function pairs({ item, start, end, target }: data.PrefixSamples): [number[], number][] {
  return Array.from(target, (next, k) => [[...item.subarray(start[k], end[k])], next]);
}

const someSessions = someInteractions.map((set) => data.toSessions(set));

describe("prefixSamples", () => {
  property.prop([someSessions])("are every prefix with the item after it", (sessions) => {
    const expected = itemLists(sessions).flatMap((items) =>
      items.slice(1).map((next, k) => [items.slice(0, k + 1), next]),
    );
    expect(pairs(data.prefixSamples(sessions))).toEqual(expected);
  });

  property.prop([someSessions, fc.array(fc.nat(130))])(
    "samplesOfRows are those whose target was asked for",
    (set, rows) => {
      const all = data.prefixSamples(set);
      const chosen = Int32Array.from(all.end.keys()).filter((k) => rows.includes(set.row[all.end[k]]));
      expect(data.samplesOfRows(set, Int32Array.from(rows))).toEqual(data.selectSamples(all, chosen));
    },
  );

  test("an event without a history gives no sample", () => {
    const sessions = data.toSessions(interactionsOf([1, 2, 3].map((time) => ({ user: "a", item: `i${time}`, time }))));
    expect(data.historyCount(data.samplesOfRows(sessions, Int32Array.of(0)))).toBe(0);
    expect(pairs(data.samplesOfRows(sessions, Int32Array.of(2, 0)))).toEqual([[[0, 1], 2]]);
  });
});

describe("trainingWindows", () => {
  property.prop([someSessions, fc.integer({ min: 1, max: 5 })])(
    "make each event the successor of another once",
    (sessions, maxLength) => {
      const { start, end } = data.trainingWindows(sessions, maxLength);
      const successors = Array.from(start, (from, k) =>
        Array.from({ length: end[k] - from }, (_, t) => from + t + 1),
      ).flat();
      const firsts = new Set(sessions.offsets);
      const expected = [...sessions.item.keys()].filter((event) => !firsts.has(event));
      expect(successors.sort((a, b) => a - b)).toEqual(expected);
      start.forEach((from, k) => expect(end[k] - from).toBeLessThanOrEqual(maxLength));
    },
  );
});

describe("leftPaddedTokens", () => {
  property.prop([someSessions, fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(), { maxLength: 5 })])(
    "hold the last items on the right, zeros on the left",
    (sessions, maxLength, numbers) => {
      const samples = data.prefixSamples(sessions);
      if (data.historyCount(samples) === 0) return;
      const chosen = Int32Array.from(numbers, (n) => n % data.historyCount(samples));
      const expected = Array.from(chosen, (k) => {
        const [history] = pairs(samples)[k];
        const tokens = history.slice(-maxLength).map((item) => item + 1);
        return [...Array<number>(maxLength - tokens.length).fill(0), ...tokens];
      });
      const out = new Int32Array(chosen.length * maxLength).fill(9);
      expect([...data.leftPaddedTokens(samples, chosen, maxLength, out)]).toEqual(expected.flat());
    },
  );

  test("an empty history is padding throughout", () => {
    const empty = { item: Int32Array.of(3), start: Int32Array.of(0), end: Int32Array.of(0) };
    expect([...data.leftPaddedTokens(empty, Int32Array.of(0), 3)]).toEqual([0, 0, 0]);
    expect(() => data.leftPaddedTokens(empty, Int32Array.of(0), 3, new Int32Array(2))).toThrow(/give 1 x 3/);
  });
});
