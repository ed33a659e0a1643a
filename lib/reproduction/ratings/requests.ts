import { asSetting, numberOption, optionList, Random, seedOption, withInitial, wordOption } from "../../core";
import {
  chooseUsers,
  groupOfUsersRows,
  type IfruSplit,
  interactionRows,
  type Interactions,
  itemRows,
  joinedRows,
  plantSpam,
  requestStream,
  requestStreamOptions,
  rowCount,
  rowsWhere,
  spamOptions,
  type UserChoice,
  userRows,
} from "../../data";
import { inModule, type Options, type RunProblem } from "../../experiments";
import type { Ratings, RatingsRequest, RatingsRequestPart } from "./types";

const drawSeed = asSetting(seedOption("Draws what is asked for, whatever the run's seed.", 1));

/** A request that is answered at once. */
function problem(
  split: IfruSplit,
  name: string,
  forgetRows: Int32Array,
  exposure: RatingsRequest["exposure"] = null,
): RunProblem<Ratings> {
  const parts = [forgetRows];
  return {
    split,
    request: { name, train: split.train, forgetRows, forgottenBefore: new Int32Array(0), parts, exposure },
  };
}

const none = optionList("request", {});

const everyUser = ({ userCount }: Interactions) => Int32Array.from({ length: userCount }, (_, user) => user);

/** The split's own forget set: mislabelled rows. */
const split: RatingsRequestPart = {
  label: () => "the split's forget set",
  options: none,
  problem: (data) => problem(data, "split", data.forgetRows),
};

const interaction: RatingsRequestPart = {
  label: () => "one interaction",
  options: none,
  drawnBySeed: true,
  problem(data, _options, seed) {
    const { train } = data;
    const [row] = Random.derive(seed, "request", "interaction").sample(rowCount(train), 1);
    return problem(data, "interaction", interactionRows(train, train.user[row], train.item[row]));
  },
};

const user: RatingsRequestPart = {
  label: () => "one user",
  options: none,
  drawnBySeed: true,
  problem(data, _options, seed) {
    const [drawn] = Random.derive(seed, "request", "user").sample(data.train.userCount, 1);
    return problem(data, "user", userRows(data.train, drawn));
  },
};

const item: RatingsRequestPart = {
  label: () => "one item",
  options: none,
  drawnBySeed: true,
  problem(data, _options, seed) {
    const { train } = data;
    const [drawn] = Random.derive(seed, "request", "item").sample(train.itemCount, 1);
    const exposure = { items: Int32Array.of(drawn), users: everyUser(train) };
    return problem(data, "item", itemRows(train, drawn), exposure);
  },
};

const choices: Readonly<Record<UserChoice, string>> = {
  random: "random users",
  "most-active": "the most active users",
  "least-active": "the least active users",
};

/**
 * A share of the users with all their rows: at random, the most or the least active (CURE4Rec's random, core and edge).
 */
const users: RatingsRequestPart = {
  label: ({ choice }) => choices[choice as UserChoice],
  options: optionList("request of users", {
    choice: wordOption("Which users.", choices, "random"),
    share: numberOption("Of all users, at least one.", 0.02, { above: 0, max: 1 }),
    seed: drawSeed,
  }),
  problem(data, { choice, share, seed }) {
    const { train } = data;
    const count = Math.max(1, Math.round(Number(share) * train.userCount));
    const chosen = chooseUsers(train, count, choice as UserChoice, Number(seed));
    return problem(data, "users", groupOfUsersRows(train, chosen));
  },
};

/**
 * Users who ask to forget a category of sensitive items (ERASE's scenario). Datasets of ratings have no categories: a
 * share of the items, drawn at random, stands in for one, and a share of the users, drawn at random, asks.
 */
const sensitive: RatingsRequestPart = {
  label: () => "sensitive items (a random category)",
  options: optionList("request of sensitive items", {
    itemShare: numberOption("Of all items, at least one.", 0.02, { above: 0, max: 1 }),
    userShare: numberOption("Of all users, at least one.", 0.2, { above: 0, max: 1 }),
    seed: drawSeed,
  }),
  problem(data, { itemShare, userShare, seed }) {
    const { train } = data;
    const random = Random.derive(Number(seed), "request", "sensitive");
    const draw = (count: number, share: number) => random.sample(count, Math.max(1, Math.round(share * count))).sort();
    const exposure = {
      items: draw(train.itemCount, Number(itemShare)),
      users: draw(train.userCount, Number(userShare)),
    };
    const [items, asking] = [new Set(exposure.items), new Set(exposure.users)];
    const forgetRows = rowsWhere(train, (row) => items.has(train.item[row]) && asking.has(train.user[row]));
    return problem(data, "sensitive", forgetRows, exposure);
  },
};

/**
 * Injected spam: invented users push unpopular items. *Original* is trained on it, so it is a request and a dataset in
 * one.
 */
const spam: RatingsRequestPart = {
  label: () => "injected spam",
  options: optionList("request of spam", {
    userShare: spamOptions.fields.userShare,
    targetCount: spamOptions.fields.targetCount,
    fillerCount: spamOptions.fields.fillerCount,
    seed: drawSeed,
  }),
  altersTraining: true,
  problem(data, { userShare, targetCount, fillerCount, seed }) {
    const options = { userShare, targetCount, fillerCount, seed } as Readonly<Record<string, number>>;
    const { train, forgetRows, targets } = plantSpam(data.train, options);
    const widened = (rows: Interactions) => ({ ...rows, userCount: train.userCount, users: train.users });
    const trueLabel = Float32Array.from(train.label, (label, row) => data.trueLabel[row] ?? label);
    const planted = { ...data, train, trueLabel, valid: widened(data.valid), test: widened(data.test) };
    return problem(planted, "spam", forgetRows, { items: targets, users: everyUser(data.train) });
  },
};

const quarters = 4;

/**
 * Small requests that arrive one after another, looked at after each quarter of them (ERASE's scenario). A run answers
 * one quarter, from where the run of the quarter before left; what counts as forgotten is everything asked for so far.
 */
const stream: RatingsRequestPart = {
  label: ({ quarter, requests, of }) =>
    `${Number(requests) * (Number(quarter) / quarters)} of ${String(requests)} ${String(of)}`,
  options: optionList("stream of requests", {
    quarter: numberOption("Which quarter of the requests is answered.", quarters, {
      min: 1,
      max: quarters,
      integer: true,
    }),
    of: requestStreamOptions.fields.of,
    requests: withInitial(requestStreamOptions.fields.requests, 20),
    size: requestStreamOptions.fields.size,
    seed: drawSeed,
  }),
  previous: (options) =>
    Number(options["quarter"]) > 1 ? { ...options, quarter: Number(options["quarter"]) - 1 } : null,
  problem(data, options) {
    const { quarter, of, requests, size, seed } = options as Options & { of: "users" } & Record<string, number>;
    const arriving = requestStream(data.train, { of, requests, size, seed });
    const upTo = (share: number) => Math.round((share * requests) / quarters);
    const parts = arriving.slice(upTo(quarter - 1), upTo(quarter));
    const forgottenBefore = joinedRows(arriving.slice(0, upTo(quarter - 1)));
    const forgetRows = joinedRows(arriving.slice(0, upTo(quarter)));
    const request = { name: "stream", train: data.train, forgetRows, forgottenBefore, parts, exposure: null };
    return { split: data, request };
  },
};

/** What may be asked to be forgotten, by kind. */
export const ratingsRequests = inModule<RatingsRequestPart>(__filename, {
  split,
  interaction,
  user,
  item,
  users,
  sensitive,
  spam,
  stream,
});
