import { ProgressTask, Random } from "../../core";
import { type IfruSplit, interactionRows, rowCount, userRows } from "../../data";
import { retrain } from "../../baselines";
import { ifru, type IfruPrepared } from "../../ifru";
import { aucByExposure, type AucByExposure, exposureMasks, forgetAuc, median } from "../../metrics";
import type { Mf } from "../../models";
import { applyUpdate, type FitMfOptions, type UnlearningRequest } from "../../training";

/** One method on one size of request. Values are means over the requests of that size, seconds their median. */
export interface RequestStudyRow {
  readonly method: "original" | "retrain" | "ifru-principled" | "ifru-paper";
  readonly request: "interaction" | "user" | "2%";
  /** Test AUC: all rows; those whose user or item occurs among the forgotten rows; those whose both do. `null`: undefined. */
  readonly auc: AucByExposure;
  /** AUC on the forgotten rows against their true labels; `null` where they have one class only. */
  readonly forgetAuc: number | null;
  readonly seconds: number;
  /** Where the median's seconds went, by stage: medians too, so they need not add up to it. */
  readonly secondsByStage: Readonly<Record<string, number>>;
  /** Retrain's seconds over this method's, for the same size of request; `null` for the original, which forgets nothing. */
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

export interface RequestStudyOptions {
  /** How the original was trained; Retrain is trained the same way. */
  readonly training: Partial<FitMfOptions>;
  /** Seconds the original took to train. */
  readonly originalSeconds: number;
  readonly prepared: IfruPrepared;
  readonly seed: number;
  /** Requests of one interaction and of one user, each. Default 10. */
  readonly smallRequests?: number;
}

/** What one method did with one request. */
interface Outcome {
  readonly model: Mf;
  readonly secondsByStage: Readonly<Record<string, number>>;
  readonly hessianVectorProducts: number;
  readonly incidentRows: number | null;
}

type Method = (request: UnlearningRequest) => Promise<Outcome>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The mean of the defined values, or `null`. */
function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value): value is number => value !== null);
  return defined.length === 0 ? null : sum(defined) / defined.length;
}

function medianByStage(runs: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return Object.fromEntries(Object.keys(runs[0] ?? {}).map((stage) => [stage, median(runs.map((run) => run[stage]))]));
}

function methodsOf(
  original: Mf,
  split: IfruSplit,
  options: RequestStudyOptions,
): Record<RequestStudyRow["method"], Method> {
  const influence =
    (mode: "principled" | "paper"): Method =>
    async (request) => {
      const validation = mode === "paper" ? split.valid : null;
      const { update, cost } = await ifru.unlearn(original, request, { mode, validation }, options.prepared);
      return { model: applyUpdate(original, update), ...cost, secondsByStage: cost.seconds };
    };
  return {
    original: async () => ({
      model: original,
      secondsByStage: { training: options.originalSeconds },
      hessianVectorProducts: 0,
      incidentRows: null,
    }),
    retrain: async (request) => {
      const { update, cost } = await retrain.unlearn(original, request, {
        ...options.training,
        validation: split.valid,
      });
      return { model: applyUpdate(original, update), ...cost, secondsByStage: cost.seconds };
    },
    "ifru-principled": influence("principled"),
    "ifru-paper": influence("paper"),
  };
}

/** Seeded requests: some of one interaction, some of one user, and the split's own forget set, three times for the clock. */
function requestsOf(
  split: IfruSplit,
  seed: number,
  count: number,
): Record<RequestStudyRow["request"], UnlearningRequest[]> {
  const { train } = split;
  const rows = Random.derive(seed, "study", "interaction").sample(rowCount(train), count);
  const users = Random.derive(seed, "study", "user").sample(train.userCount, count);
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

/** Test and forget-set AUC of a model after a request. */
function evaluate(model: Mf, split: IfruSplit, { train, forgetRows }: UnlearningRequest) {
  const masks = exposureMasks(split.test, train, forgetRows);
  const at = (column: Int32Array): Int32Array => forgetRows.map((row) => column[row]);
  return {
    auc: aucByExposure(model.score(split.test.user, split.test.item), split.test.label, masks),
    forgetAuc: forgetAuc(model.score(at(train.user), at(train.item)), split.trueLabel, forgetRows),
  };
}

/**
 * The first result: what forgetting does and what it costs, for *Original*, *Retrain* and both modes of IFRU, by size of request.
 * Small requests are several seeded ones after a warm-up.
 *
 * @param original the model trained on `split.train`
 * @returns one row for each method and size, methods varying fastest
 */
export async function studyRequests(
  original: Mf,
  split: IfruSplit,
  options: RequestStudyOptions,
): Promise<RequestStudyRow[]> {
  const methods = methodsOf(original, split, options);
  const requests = requestsOf(split, options.seed, options.smallRequests ?? 10);
  const total = Object.values(requests).flat().length * Object.keys(methods).length;
  const task = new ProgressTask("studying requests", total, "requests");
  const rows: RequestStudyRow[] = [];
  let done = 0;
  try {
    for (const [size, instances] of Object.entries(requests) as [RequestStudyRow["request"], UnlearningRequest[]][]) {
      const retrainSeconds: number[] = [];
      for (const [name, method] of Object.entries(methods) as [RequestStudyRow["method"], Method][]) {
        if (name.startsWith("ifru")) for (const instance of instances) await method(instance); // warm-up
        const outcomes: (Outcome & ReturnType<typeof evaluate>)[] = [];
        for (const instance of instances) {
          const outcome = await method(instance);
          outcomes.push({ ...outcome, ...evaluate(outcome.model, split, instance) });
          task.update(++done, `${name}, ${size}`);
        }
        const seconds = median(outcomes.map((outcome) => sum(Object.values(outcome.secondsByStage))));
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
  outcomes: readonly (Outcome & ReturnType<typeof evaluate>)[],
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
    secondsByStage: medianByStage(outcomes.map((outcome) => outcome.secondsByStage)),
    speedup: retrainSeconds === null ? null : retrainSeconds / seconds,
    hessianVectorProducts: over((o) => o.hessianVectorProducts) ?? 0,
    incidentRows: over((o) => o.incidentRows),
  };
}
