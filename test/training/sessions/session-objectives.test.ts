import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { Random } from "../../../lib/core";
import { generateInteractions, historyCount, prefixSamples, toSessions } from "../../../lib/data";
import { sessionModelForm } from "../../../lib/models";
import {
  allPositionsObjective,
  clozeObjective,
  clozeWindowsObjective,
  nextItemObjective,
} from "../../../lib/training/sessions/session-objectives";

const sessions = toSessions(generateInteractions({ userCount: 15, itemCount: 20, interactionsPerUser: 9 }));
const events = sessions.item.length;
const everything = (rows: number) => Int32Array.from({ length: rows }, (_, k) => k);
const gru4rec = sessionModelForm("gru4rec", 20, { maxLength: 4 });
const bert4rec = sessionModelForm("bert4rec", 20, { maxLength: 4 });
const mask = 21;

/** Every pair of an item and the one after it, sorted. */
const transitions = Array.from(
  prefixSamples(sessions).end,
  (end) => `${sessions.item[end - 1]} ${sessions.item[end]}`,
).sort();

describe.each([
  ["nextItemObjective", nextItemObjective(gru4rec, sessions)],
  ["allPositionsObjective", allPositionsObjective(gru4rec, sessions)],
] as const)("%s", (_name, objective) => {
  it("asks for the item after each item once, and never at padding", () => {
    const { input, labels } = objective.batch(everything(objective.rows), Random.fromSeed(1));
    const asked = Array.from(labels, (label, n) => `${input.tokens[input.places[n]] - 1} ${label}`);
    expect(asked.sort()).toEqual(transitions);
  });
});

describe("cloze objectives", () => {
  property.prop([fc.integer(), fc.double({ min: 0.05, max: 1, noNaN: true })])(
    "ask for what stood at the masked places",
    (seed, maskShare) => {
      const objective = clozeObjective(bert4rec, sessions, { maskShare, includeTarget: true });
      const whole = clozeObjective(bert4rec, sessions, { maskShare: 1e-12, includeTarget: true });
      const rows = everything(objective.rows);
      const { input, labels } = objective.batch(rows, Random.fromSeed(seed));
      const { input: unmasked } = whole.batch(rows, Random.fromSeed(seed));
      expect([...labels]).toEqual(Array.from(input.places, (place) => unmasked.tokens[place] - 1));
      const chosen = new Set(input.places);
      input.tokens.forEach((token, place) => {
        if (!chosen.has(place)) expect(token).toBe(unmasked.tokens[place]);
        else expect(token).toBeGreaterThan(0);
      });
    },
  );

  it("mask 80 %, replace 10 %, leave 10 %", () => {
    const objective = clozeObjective(bert4rec, sessions, { maskShare: 0.5, includeTarget: true });
    let [masked, left, all] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const { input, labels } = objective.batch(everything(objective.rows), Random.fromSeed(seed));
      labels.forEach((label, n) => {
        const token = input.tokens[input.places[n]];
        masked += Number(token === mask);
        left += Number(token === label + 1);
      });
      all += labels.length;
    }
    expect(masked / all).toBeCloseTo(0.8, 1.5);
    expect(left / all).toBeCloseTo(0.1 + 0.1 / 20, 1.5);
  });

  it("read a session's last event only where they are told to", () => {
    const all = { maskShare: 1, includeTarget: false };
    const read = (includeTarget: boolean) => {
      const objective = clozeObjective(bert4rec, sessions, { ...all, includeTarget });
      return objective.batch(everything(objective.rows), Random.fromSeed(1)).labels;
    };
    const long = Array.from(prefixSamples(sessions).end, (end, k) => end - prefixSamples(sessions).start[k]);
    expect(read(false).length).toBe(long.reduce((sum, length) => sum + Math.min(4, length), 0));
    expect(read(true).length).toBe(long.reduce((sum, length) => sum + Math.min(4, length + 1), 0));
  });

  it("windows read every event", () => {
    const objective = clozeWindowsObjective(bert4rec, sessions, 1);
    const { labels } = objective.batch(everything(objective.rows), Random.fromSeed(1));
    expect(new Set(labels)).toEqual(new Set(sessions.item));
    expect(labels.length).toBeGreaterThanOrEqual(events);
    expect(objective.rows).toBeLessThan(historyCount(prefixSamples(sessions)));
  });
});
