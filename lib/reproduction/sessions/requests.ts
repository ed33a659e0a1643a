import { forgetSamples, type SessionDataset, sessionItemRows, sessionUserRows, wholeSessionRows } from "../../data";
import { asSetting, numberOption, optionList, Random, seedOption, wholeOption } from "../../core";
import { inModule, type RunProblem } from "../../experiments";
import type { SessionsRequestPart, SessionsTask } from "./types";

const drawSeed = asSetting(seedOption("Draws what is asked for, whatever the run's seed.", 1));
const share = (initial: number) => numberOption("Of the sessions.", initial, { above: 0, max: 1 });

function problem(split: SessionDataset, name: string, forgetRows: Int32Array): RunProblem<SessionsTask> {
  const { train } = split;
  return { split, request: { name, train, forgetRows, samples: forgetSamples(train, forgetRows) } };
}

const percent = (share: unknown) => `${Number((100 * Number(share)).toPrecision(3))} %`;

/**
 * One item in each of a share of the sessions, from the second half of it: how SRU's release asks, with its share.
 * CAU's is not known; 1 to 20 % are looked at. One seed, so that every method and seed forgets the same.
 */
const sessionItems: SessionsRequestPart = {
  label: ({ share }) => `an item in ${percent(share)} of the sessions`,
  options: optionList("request of session items", { share: share(0.2), seed: drawSeed }),
  problem: (split, { share, seed }) =>
    problem(split, "session-items", sessionItemRows(split.train, Number(share), Number(seed))),
};

const wholeSessions: SessionsRequestPart = {
  label: ({ share }) => `${percent(share)} of the sessions`,
  options: optionList("request of whole sessions", { share: share(0.05), seed: drawSeed }),
  problem: (split, { share, seed }) =>
    problem(split, "whole-sessions", wholeSessionRows(split.train, Number(share), Number(seed))),
};

/** Everything of some users, drawn at random: the same as whole sessions where a user has but one. */
const sessionUsers: SessionsRequestPart = {
  label: ({ count }) => (Number(count) === 1 ? "all of one user's" : `all of ${String(count)} users'`),
  options: optionList("request of users", { count: wholeOption("How many users.", 10, 1), seed: drawSeed }),
  problem(split, { count, seed }) {
    const users = [...new Set(split.train.user)];
    const drawn = Random.derive(Number(seed), "request", "session users").sample(users.length, Number(count));
    const asking = Array.from(drawn, (place) => users[place]);
    return problem(split, "session-users", sessionUserRows(split.train, asking));
  },
};

/** What may be asked to be forgotten, by kind. */
export const sessionsRequests = inModule<SessionsRequestPart>(__filename, {
  "session-items": sessionItems,
  "whole-sessions": wholeSessions,
  "session-users": sessionUsers,
});
