import { flagOption, optionList, type OptionsOf, wholeOption, wordOption } from "../../core";
import { groupRows, type Sessions } from "../../data";
import type { SparseRows } from "../../engine";
import { ItemPairs } from "./item-pairs";
import { Popularity } from "./popularity";

/** What a pair counts, by how many steps lie between its items. */
const weights = {
  same: () => 1,
  div: (steps: number) => 1 / steps,
  log: (steps: number) => 1 / Math.log10(steps + 1.7),
  quadratic: (steps: number) => 1 / (steps * steps),
};

/** The options of `sequentialRules`. */
export const sequentialRulesOptions = optionList("sequentialRules", {
  steps: wholeOption("How far apart in a session two items may be.", 10, 1),
  weighting: wordOption(
    "What a pair n steps apart counts: 1 (`same`), 1 / n (`div`), 1 / log10(n + 1.7) (`log`) or 1 / n² (`quadratic`).",
    ["same", "div", "log", "quadratic"],
    "div",
  ),
  bothWays: flagOption("Whether what came before an item counts like what came after it.", false),
});

/** Options of `sequentialRules`; defaults and ranges are in `sequentialRulesOptions`. */
export interface SequentialRulesOptions extends OptionsOf<typeof sequentialRulesOptions.fields> {}

/**
 * Sequential rules (Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms", 2018): scores each
 * item by how often, and how soon, it came after the history's last item in a session; what has no rule follows by
 * popularity. One step is a Markov chain. Association rules are `same` weights both ways over whole sessions.
 *
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @example
 * const rules = sequentialRules(sessionSplit.train, { steps: 20, weighting: "quadratic" });
 * const association = sequentialRules(sessionSplit.train, { steps: 1000, weighting: "same", bothWays: true });
 * mean(ndcgAt(10, await targetRanks(rules, samples))); // and of association likewise
 */
export function sequentialRules(sessions: Sessions, options?: Partial<SequentialRulesOptions>): ItemPairs {
  const { weighting, ...reach } = sequentialRulesOptions.resolve(options);
  // The least difference of whole counts is 1; of sums of weights it is taken to be that of item-kNN's cosines.
  const tieScale = weighting === "same" ? 1 : 1e-6;
  const pairs = countPairs(sessions, { ...reach, weight: weights[weighting] });
  return new ItemPairs("sequential-rules", pairs, Popularity.count(sessions), tieScale);
}

interface Counting {
  readonly steps: number;
  readonly bothWays: boolean;
  readonly weight: (steps: number) => number;
}

/** Row i holds the weight of each item after item i, one row at a time, without a dense matrix. */
function countPairs(sessions: Sessions, { steps, bothWays, weight }: Counting): SparseRows {
  const { item, itemCount } = sessions;
  const { start, end } = sessionBounds(sessions);
  const { pointers: places, rows: events } = groupRows(item, itemCount);
  const sums = new Float64Array(itemCount);
  const pointers = new Int32Array(itemCount + 1);
  const [columns, values]: [number[], number[]] = [[], []];
  for (let first = 0; first < itemCount; first++) {
    const seconds = new Set<number>();
    const add = (event: number, distance: number) => {
      sums[item[event]] += weight(distance);
      seconds.add(item[event]);
    };
    for (let place = places[first]; place < places[first + 1]; place++) {
      const event = events[place];
      const last = Math.min(end[event] - 1, event + steps);
      for (let after = event + 1; after <= last; after++) add(after, after - event);
      const earliest = bothWays ? Math.max(start[event], event - steps) : event;
      for (let before = event - 1; before >= earliest; before--) add(before, event - before);
    }
    for (const second of [...seconds].sort((a, b) => a - b)) {
      columns.push(second);
      values.push(sums[second]);
      sums[second] = 0;
    }
    pointers[first + 1] = columns.length;
  }
  return { pointers, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** Of each event, where its session begins and ends, `[events]` each. */
function sessionBounds({ offsets, item }: Sessions): { readonly start: Int32Array; readonly end: Int32Array } {
  const [start, end] = [0, 0].map(() => new Int32Array(item.length));
  for (let session = 0; session + 1 < offsets.length; session++) {
    start.fill(offsets[session], offsets[session], offsets[session + 1]);
    end.fill(offsets[session + 1], offsets[session], offsets[session + 1]);
  }
  return { start, end };
}
