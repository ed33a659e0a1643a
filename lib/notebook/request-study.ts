import { ProgressTask, Random } from "../core";
import { type IfruSplit, interactionRows, type Interactions, rowCount, userRows } from "../data";
import { aucByExposure, type AucByExposure, exposureMasks, forgetAuc, median } from "../metrics";
import type { Mf } from "../models";

/** One method on one size of request. Values are means over the requests of that size, seconds their median. */
export interface RequestStudyRow {
  readonly method: (typeof inOrder)[number];
  readonly request: "interaction" | "user" | "2%";
  /**
   * Test AUC: all rows; those whose user or item occurs among the forgotten rows; those whose both do. `null`:
   * undefined.
   */
  readonly auc: AucByExposure;
  /** AUC on the forgotten rows against their true labels; `null` where they have one class only. */
  readonly forgetAuc: number | null;
  readonly seconds: number;
  /** Where the median's seconds went, by stage: medians too, so they need not add up to it. */
  readonly secondsByStage: Readonly<Record<string, number>>;
  /**
   * Retrain's seconds over this method's, for the same size of request; `null` for the original, which forgets nothing.
   */
  readonly speedup: number | null;
  readonly hessianVectorProducts: number;
  /** Training rows the method read; `null` for methods that train. */
  readonly incidentRows: number | null;
}

/** A study as it is stored. */
export interface RequestStudy {
  readonly dataset: string;
  readonly engine: string;
  readonly seed: number;
  readonly rows: readonly RequestStudyRow[];
}

/** What is asked to be forgotten: an `UnlearningRequest`. */
interface AskedRows {
  readonly name: string;
  readonly train: Interactions;
  readonly forgetRows: Int32Array;
}

/** What a method made of a request, and what that cost: as `unlearn` returns it, the update applied. */
export interface StudiedOutcome {
  readonly model: Mf;
  readonly cost: {
    /** By stage. */
    readonly seconds: Readonly<Record<string, number>>;
    readonly hessianVectorProducts: number;
    readonly incidentRows: number | null;
  };
}

/** The methods to compare. The original forgets nothing: its seconds are those of its training. */
export type StudiedMethods = Readonly<
  Record<RequestStudyRow["method"], (request: AskedRows) => Promise<StudiedOutcome>>
>;

/** Of rows. What Retrain takes is known before others are compared with it. */
const inOrder = ["original", "retrain", "ifru-principled", "ifru-paper"] as const;

/** Requests of one interaction and of one user, each. */
const smallRequests = 10;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The mean of the defined values, or `null`. */
function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value): value is number => value !== null);
  return defined.length === 0 ? null : sum(defined) / defined.length;
}

function medianByStage(runs: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return Object.fromEntries(Object.keys(runs[0] ?? {}).map((stage) => [stage, median(runs.map((run) => run[stage]))]));
}

/**
 * Seeded requests: some of one interaction, some of one user, and the split's own forget set, three times for the
 * clock.
 */
function requestsOf(split: IfruSplit, seed: number): Record<RequestStudyRow["request"], AskedRows[]> {
  const { train } = split;
  const rows = Random.derive(seed, "study", "interaction").sample(rowCount(train), smallRequests);
  const users = Random.derive(seed, "study", "user").sample(train.userCount, smallRequests);
  return {
    interaction: Array.from(rows, (row) => ({
      name: "interaction",
      train,
      forgetRows: interactionRows(train, train.user[row], train.item[row]),
    })),
    user: Array.from(users, (user) => ({ name: "user", train, forgetRows: userRows(train, user) })),
    "2%": Array.from({ length: 3 }, () => ({ name: "2%", train, forgetRows: split.forgetRows })),
  };
}

type StudiedAnswer = StudiedOutcome & ReturnType<typeof evaluate>;

/** Test and forget-set AUC of a model after a request. */
function evaluate(model: Mf, split: IfruSplit, { train, forgetRows }: AskedRows) {
  const masks = exposureMasks(split.test, train, forgetRows);
  const at = (column: Int32Array): Int32Array => forgetRows.map((row) => column[row]);
  return {
    auc: aucByExposure(model.score(split.test.user, split.test.item), split.test.label, masks),
    forgetAuc: forgetAuc(model.score(at(train.user), at(train.item)), split.trueLabel, forgetRows),
  };
}

/**
 * The first notebook's result: what forgetting does and what it costs, for *Original*, *Retrain* and both modes of
 * IFRU, by size of request, measured here and now. Small requests are several seeded ones after a warm-up. Over seeds
 * and datasets the view `ifru-time` tells the same.
 *
 * @param seed draws the small requests
 * @returns one row for each method and size, methods varying fastest
 * @example
 * const training = { seconds: { training: fit.seconds }, hessianVectorProducts: 0, incidentRows: null };
 * const applied = async (asked: ReturnType<typeof retrain.unlearn> | ReturnType<typeof ifru.unlearn>) => {
 *   const { update, cost } = await asked;
 *   return { model: applyUpdate(fit.model, update), cost };
 * };
 * const rows = await studyRequests(split, 1, {
 *   original: async () => ({ model: fit.model, cost: training }),
 *   retrain: (asked) => applied(retrain.unlearn(fit.model, asked, { validation: valid })),
 *   "ifru-principled": (asked) => applied(ifru.unlearn(fit.model, asked, {}, prepared)),
 *   "ifru-paper": (asked) => applied(ifru.unlearn(fit.model, asked, { mode: "paper", validation: valid })),
 * });
 */
export async function studyRequests(
  split: IfruSplit,
  seed: number,
  methods: StudiedMethods,
): Promise<RequestStudyRow[]> {
  const requests = requestsOf(split, seed);
  const total = Object.values(requests).flat().length * inOrder.length;
  const task = new ProgressTask("studying requests", total, "requests");
  const rows: RequestStudyRow[] = [];
  let done = 0;
  try {
    for (const [size, instances] of Object.entries(requests) as [RequestStudyRow["request"], AskedRows[]][]) {
      const retrainSeconds: number[] = [];
      for (const name of inOrder) {
        const method = methods[name];
        if (name.startsWith("ifru")) for (const instance of instances) await method(instance); // warm-up
        const outcomes: StudiedAnswer[] = [];
        for (const instance of instances) {
          const outcome = await method(instance);
          outcomes.push({ ...outcome, ...evaluate(outcome.model, split, instance) });
          task.update(++done, `${name}, ${size}`);
        }
        const seconds = median(outcomes.map(({ cost }) => sum(Object.values(cost.seconds))));
        if (name === "retrain") retrainSeconds.push(seconds);
        rows.push(rowOf(name, size, outcomes, seconds, retrainSeconds[0] ?? null));
      }
    }
  } finally {
    task.finish();
  }
  return rows;
}

function rowOf(
  method: RequestStudyRow["method"],
  request: RequestStudyRow["request"],
  outcomes: readonly StudiedAnswer[],
  seconds: number,
  retrainSeconds: number | null,
): RequestStudyRow {
  const over = (pick: (outcome: (typeof outcomes)[number]) => number | null): number | null =>
    meanOfDefined(outcomes.map(pick));
  return {
    method,
    request,
    auc: { all: over((o) => o.auc.all), or: over((o) => o.auc.or), and: over((o) => o.auc.and) },
    forgetAuc: over((o) => o.forgetAuc),
    seconds,
    secondsByStage: medianByStage(outcomes.map(({ cost }) => cost.seconds)),
    speedup: retrainSeconds === null ? null : retrainSeconds / seconds,
    hessianVectorProducts: over((o) => o.cost.hessianVectorProducts) ?? 0,
    incidentRows: over((o) => o.cost.incidentRows),
  };
}
