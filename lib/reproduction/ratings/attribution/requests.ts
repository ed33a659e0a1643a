import { type Case, caseWithout, type Pairs, randomSubsets } from "../../../audits";
import {
  asSetting,
  InvalidDataError,
  numberOption,
  optionList,
  Random,
  seedOption,
  wholeOption,
  withInitial,
} from "../../../core";
import { type IfruSplit, type Interactions, userRows } from "../../../data";
import { inModule, type RunConfig, type RunProblem } from "../../../experiments";
import type { Ratings, RatingsRequestPart } from "../types";

const retrainings = wholeOption("Trainings of each case, with seeds of their own.", 10, 1);
const deletions = wholeOption("How many deletions, each a case of its own.", 100, 3);
const outputs = wholeOption("Test pairs whose scores are looked at.", 300, 1);

/** Requests of many cases, each left out on its own: nothing is forgotten for good. */
function problem(split: IfruSplit, name: string, cases: readonly Case[], pairs: Pairs): RunProblem<Ratings> {
  const { train } = split;
  const none = new Int32Array(0);
  const asked = { name, train, forgetRows: none, forgottenBefore: none, parts: [], exposure: null };
  return { split, request: { ...asked, leftOut: { cases, pairs } } };
}

/** Some test pairs, drawn by a seed. */
function drawnPairs(test: Interactions, rows: Int32Array, count: number, random: Random): Pairs {
  const chosen = random.sample(rows.length, Math.min(count, rows.length)).sort();
  const at = (column: Int32Array) => Int32Array.from(chosen, (k) => column[rows[k]]);
  return { user: at(test.user), item: at(test.item) };
}

const rowsWith = ({ user }: Interactions, keep: (user: number) => boolean) =>
  Int32Array.from(user.keys()).filter((row) => keep(user[row]));

/** Random subsets of all training rows: the linear datamodeling score. */
const subsets: RatingsRequestPart = {
  label: () => "random subsets",
  options: optionList("request of subsets", {
    keptShare: numberOption("The share of the training rows that each subset keeps.", 0.9, { above: 0, max: 1 }),
    subsets: wholeOption("Random subsets.", 50, 3),
    ...{ retrainings, outputs },
    seed: asSetting(seedOption("Draws the subsets and the pairs, whatever the run's seed.", 1)),
  }),
  problem(split, options) {
    const { keptShare, subsets: count, outputs: pairs, seed } = options as Readonly<Record<string, number>>;
    const cases = randomSubsets(split.train.user.length, { keptShare, subsets: count, seed });
    const random = Random.derive(seed, "attribution", "pairs");
    return problem(
      split,
      "subsets",
      cases,
      drawnPairs(
        split.test,
        rowsWith(split.test, () => true),
        pairs,
        random,
      ),
    );
  },
};

/** Training and test rows of a user who has enough of both. */
function activeUser({ train, test }: IfruSplit, deletionCount: number, random: Random) {
  const count = ({ user, userCount }: Interactions) => {
    const rows = new Int32Array(userCount);
    for (const one of user) rows[one]++;
    return rows;
  };
  const [trained, tested] = [count(train), count(test)];
  const active = Int32Array.from(trained.keys()).filter((u) => trained[u] > deletionCount && tested[u] > 0);
  if (active.length > 0) return active[random.integer(active.length)];
  throw new InvalidDataError(`no user has more than ${deletionCount} training rows, and test rows`, {
    where: "request of kind leave-one-out",
    remedy: "ask for fewer deletions",
  });
}

/** Single rows of one active user, whose own test pairs are looked at: the question of an explanation. */
const leaveOneOut: RatingsRequestPart = {
  label: () => "single rows of a user",
  options: optionList("request of single rows", { deletions, retrainings: withInitial(retrainings, 2), outputs }),
  drawnBySeed: true,
  problem(split, options, seed) {
    const { deletions: count, outputs: pairs } = options as Readonly<Record<string, number>>;
    const random = Random.derive(seed, "attribution", "single rows");
    const user = activeUser(split, count, random);
    const rows = userRows(split.train, user);
    const chosen = random.sample(rows.length, count).sort();
    const cases = Array.from(chosen, (k) => caseWithout(Int32Array.of(rows[k]), split.train.user.length));
    const own = rowsWith(split.test, (one) => one === user);
    return problem(split, "single rows", cases, drawnPairs(split.test, own, pairs, random));
  },
};

/** All rows of one user after another; test pairs of the users who stay are looked at. */
const leaveUserOut: RatingsRequestPart = {
  label: () => "whole users",
  options: optionList("request of whole users", { deletions, retrainings: withInitial(retrainings, 2), outputs }),
  drawnBySeed: true,
  problem(split, options, seed) {
    const { train, test } = split;
    const { deletions: count, outputs: pairs } = options as Readonly<Record<string, number>>;
    const random = Random.derive(seed, "attribution", "whole users");
    const known = [...new Set(train.user)].sort((a, b) => a - b);
    if (known.length <= count)
      throw new InvalidDataError(`there are ${known.length} users, and ${count} are to be left out one by one`, {
        where: "request of kind leave-user-out",
        remedy: "ask for fewer deletions",
      });
    const gone = new Set(Array.from(random.sample(known.length, count).sort(), (k) => known[k]));
    const cases = Array.from(gone, (user) => caseWithout(userRows(train, user), train.user.length));
    const others = rowsWith(test, (user) => !gone.has(user));
    return problem(split, "whole users", cases, drawnPairs(test, others, pairs, random));
  },
};

/**
 * Whether a request's trainings run to the end of their epochs and start from the same seed as what estimates start
 * from. Of single rows and users that is so, since what they do is less than what chance does.
 */
export function isConverged({ options }: RunConfig): boolean {
  return options.request["kind"] !== "subsets";
}

/** What may be left out, case after case, by kind. */
export const attributionRequests = inModule<RatingsRequestPart>(__filename, {
  subsets,
  "leave-one-out": leaveOneOut,
  "leave-user-out": leaveUserOut,
});
