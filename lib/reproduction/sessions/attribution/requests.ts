import { randomSubsets } from "../../../audits";
import { asSetting, numberOption, optionList, Random, seedOption, wholeOption } from "../../../core";
import { forgetSamples, historyCount, prefixSamples, selectSamples, sessionCount, type Sessions } from "../../../data";
import { inModule } from "../../../experiments";
import type { SessionsRequestPart } from "../types";

/** All events of some sessions, ascending. */
function eventsOf({ offsets, row }: Sessions, sessions: Int32Array): Int32Array {
  const events = Array.from(sessions, (session) => [...row.subarray(offsets[session], offsets[session + 1])]);
  return Int32Array.from(events.flat()).sort();
}

/** Random subsets of the training sessions; nothing is forgotten for good. Events of test sessions are looked at. */
const sessionSubsets: SessionsRequestPart = {
  label: () => "random subsets of the sessions",
  options: optionList("request of session subsets", {
    keptShare: numberOption("The share of the training sessions that each subset keeps.", 0.9, { above: 0, max: 1 }),
    subsets: wholeOption("Random subsets.", 20, 3),
    retrainings: wholeOption("Trainings of each subset, with seeds of their own.", 3, 1),
    outputs: wholeOption("Events of test sessions whose margins are looked at.", 300, 1),
    seed: asSetting(seedOption("Draws the subsets and the events.", 1)),
  }),
  problem(split, options) {
    const { keptShare, subsets, outputs, seed } = options as Readonly<Record<string, number>>;
    const { train } = split;
    const cases = randomSubsets(sessionCount(train), { keptShare, subsets, seed }).map(({ left }) =>
      eventsOf(train, left),
    );
    const tested = prefixSamples(split.test);
    const count = historyCount(tested);
    const drawn = Random.derive(seed, "attribution", "events").sample(count, Math.min(outputs, count)).sort();
    const forgetRows = new Int32Array(0);
    const request = { name: "session-subsets", train, forgetRows, samples: forgetSamples(train, forgetRows) };
    return { split, request: { ...request, leftOut: { cases, samples: selectSamples(tested, drawn) } } };
  },
};

/** What may be left out of sessions, case after case, by kind. */
export const attributionRequests = inModule<SessionsRequestPart>(__filename, { "session-subsets": sessionSubsets });
