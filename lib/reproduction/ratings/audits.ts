import { type Interactions, retainedRows, selectRows } from "../../data";
import { exposureAtK, fullRanking, logLosses, membershipScores, rankDrops } from "../../metrics";
import {
  inModule,
  originalOf,
  requestPartOf,
  retrainOf,
  type RunConfig,
  type ModelOutputs,
  type Task,
} from "../../experiments";
import { propagatedOnce } from "./models";
import type { RatingsAudit } from "./types";

const cutoffs = [10, 20];
const exposureCutoff = 10;

/**
 * Every item ranked for every user: recall and ndcg of the test rows by user, how far each forgotten positive fell
 * since *Original*, and how much of the first recommendations the items take that are to vanish.
 */
const ranking: RatingsAudit = {
  prerequisites: (config, task) => [originalOf(config, task)],

  async scores({ split, request, audited, prerequisite }) {
    const after = propagatedOnce(await audited.model());
    const before = propagatedOnce(await prerequisite("original").model());
    const { train, forgetRows, exposure } = request;
    const retained = selectRows(train, retainedRows(train, forgetRows));
    const exposed =
      exposure === null ? [] : exposureAtK(after, retained, exposure.items, exposureCutoff, exposure.users).values;
    const scores: Record<string, Float32Array> = {
      rankDrop: Float32Array.from(rankDrops(before, after, train, forgetRows, retained)),
      [`exposure@${exposureCutoff}`]: Float32Array.from(exposed),
    };
    for (const [k, { recall, ndcg }] of fullRanking(after, both(retained, split.valid), split.test, cutoffs)) {
      scores[`recall@${k}`] = Float32Array.from(recall.values);
      scores[`ndcg@${k}`] = Float32Array.from(ndcg.values);
    }
    return scores;
  },
};

const shadowCount = 6;

/**
 * Retrainings with seeds of their own: none has seen the rows to forget or a test row. One set serves all who ask the
 * same.
 */
function shadowsOf(config: RunConfig, task: Task): RunConfig[] {
  const { drawnBySeed = false } = requestPartOf(config, task);
  const base = { ...retrainOf(config), method: "shadow", seed: drawnBySeed ? config.seed : 1 };
  return Array.from({ length: shadowCount }, (_, k) => ({
    ...base,
    options: { ...base.options, method: { number: k + 1 } },
  }));
}

/** How much like a training row each forgotten and each test row looks to an attacker with shadow models. */
const membership: RatingsAudit = {
  prerequisites: (config, task) => shadowsOf(config, task as Task),

  async scores({ split, request, audited, prerequisites }) {
    const { train, forgetRows } = request;
    const labels = { forget: Float32Array.from(forgetRows, (row) => train.label[row]), test: split.test.label };
    const shadows = await Promise.all(prerequisites("shadow").map((shadow) => shadow.scores()));
    const scores = await audited.scores();
    const judged = (rows: "forget" | "test"): Float32Array => {
      const losses = (of: ModelOutputs) => logLosses(of[rows], labels[rows]);
      return Float32Array.from(membershipScores(losses(scores), shadows.map(losses)));
    };
    return { forgotten: judged("forget"), unseen: judged("test") };
  },
};

/** Two sets of rows under the same ids, one after the other. */
function both(a: Interactions, b: Interactions): Interactions {
  const { userCount, itemCount, users, items } = a;
  const label = new Float32Array(a.label.length + b.label.length);
  label.set(a.label);
  label.set(b.label, a.label.length);
  const [user, item] = [Int32Array.from([...a.user, ...b.user]), Int32Array.from([...a.item, ...b.item])];
  return { user, item, label, userCount, itemCount, users, items };
}

/** The audits of ratings, by name. */
export const ratingsAudits = inModule<RatingsAudit>(__filename, { membership, ranking });
