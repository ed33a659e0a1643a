import { drawnSamples, historyCount, prefixSamples, sessionCount, withoutRows } from "../../data";
import { candidateRanks, targetRanks, unseenSamples } from "../../metrics";
import type { Task } from "../../experiments";
import { loadSessionsModel } from "./models";
import type { SessionsTask } from "./types";

/** Draws the unseen samples, one event of every test session as requests draw theirs; and those of validation. */
const drawSeed = 1;

/** The most validation prefixes that are ranked. Test prefixes are ranked all. */
const validationSamples = 5_000;

/** Sessions: predict the next item, forget some of the events that were learnt from. */
export const sessionsTask: Omit<Task<SessionsTask>, "requests" | "audits"> = {
  code: __filename,

  /**
   * *Retrain* learns from sessions with the events cut out and the gaps closed; what keeps fewer than two is left out.
   */
  rows({ request: { train, forgetRows } }, learner) {
    return learner === "original" ? train : withoutRows(train, forgetRows);
  },

  rowCount: (rows) => historyCount(prefixSamples(rows)),

  /**
   * Ranks from 1: of the targets of all prefixes of the test sessions and of some of the validation sessions, and of
   * what is to be forgotten and one item of each test session, those two among all items and among 500 drawn ones.
   */
  async scores(model, { split: { test, valid }, request }) {
    const forget = await candidateRanks(model, request.samples);
    const unseen = await candidateRanks(model, unseenSamples(test, drawSeed));
    const ranks = {
      test: await targetRanks(model, prefixSamples(test)),
      valid: await targetRanks(model, drawnSamples(prefixSamples(valid), validationSamples, drawSeed)),
      forget: forget.sampled,
      forgetAmongAll: forget.full,
      unseen: unseen.sampled,
      unseenAmongAll: unseen.full,
    };
    return Object.fromEntries(Object.entries(ranks).map(([name, values]) => [name, Float32Array.from(values)]));
  },

  facts: ({ split, request: { train, forgetRows, samples } }) => ({
    splitHash: split.splitHash,
    sessions: sessionCount(train),
    forgetRows: forgetRows.length, // events: kept records have the name that ratings have for training rows
    forgetSamples: historyCount(samples),
  }),

  save: (model, path) => model.save(path),
  load: loadSessionsModel,
};
