import { InvalidArgumentError } from "../../core";
import { drawnSamples, type PrefixSamples, prefixSamples, type Sessions } from "../../data";
import { candidateRanks, mean, ndcgAt, recallAt, targetRanks, uScores } from "../../metrics";
import type { SessionRecommender } from "../../models";

/** The largest share of validation ndcg@10 that may be lost: what CAU's paper claims for its own loss. */
export const mostDrop = 0.08;

/** How many validation prefixes, and how many samples to forget, are ranked at most. */
const mostSamples = 2000;

/** Where a look finds the model: after which epoch, and by steps of which size it came there. */
export interface Place {
  /** 0 for the original. */
  readonly epoch: number;
  /** Adam's step size. */
  readonly learningRate: number;
}

/**
 * What a look says: one epoch more, that was the last, or that was one too many: as the first epoch, a step size too
 * large.
 */
export type Verdict = "go on" | "end" | "too far";

/** What a model after some epochs is worth. */
export interface OperatingPoint extends Place {
  /** On validation prefixes. */
  readonly ndcg: number;
  /** On validation prefixes. */
  readonly recall: number;
  /** Hit_u@10 among 501 candidates. */
  readonly hit: number;
  /** Relative U-score@10. */
  readonly uScore: number;
  /** Share of the original's ndcg that is lost. */
  readonly drop: number;
}

/**
 * The one rule by which every method that goes on epoch by epoch chooses where to stop (README, "Operating point"): of
 * the original and the states after each epoch, the highest relative U-score@10 among those that lose at most 8 % of
 * the validation ndcg@10.
 */
export class OperatingPoints<M extends SessionRecommender> {
  /** All that were looked at, the original first. */
  readonly points: OperatingPoint[] = [];
  private kept: { readonly point: OperatingPoint; readonly model: M };

  private constructor(
    original: M,
    private readonly valid: PrefixSamples,
    private readonly forget: PrefixSamples,
    start: OperatingPoint,
  ) {
    this.points.push(start);
    this.kept = { point: start, model: original };
  }

  /**
   * @param validation sessions that were not trained on; at most 2,000 of their prefixes are ranked
   * @param forget at most 2,000 of them are ranked
   * @param learningRate the first step size
   * @throws InvalidArgumentError when the validation sessions cannot tell: there are none, or the original finds none
   *   of their items
   */
  static async from<M extends SessionRecommender>(
    original: M,
    validation: Sessions,
    forget: PrefixSamples,
    learningRate: number,
  ): Promise<OperatingPoints<M>> {
    const [valid, some] = [prefixSamples(validation), forget].map((all) => drawnSamples(all, mostSamples, 1));
    const start = await measure(original, valid, some, { epoch: 0, learningRate });
    return new OperatingPoints(original, valid, some, start);
  }

  /** Looks at the model after an epoch. */
  async look(place: Place, model: M): Promise<Verdict> {
    const point = await measure(model, this.valid, this.forget, place, this.points[0]);
    this.points.push(point);
    if (point.drop > mostDrop) return "too far";
    if (point.uScore > this.kept.point.uScore) this.kept = { point, model };
    return "go on";
  }

  get best(): { readonly point: OperatingPoint; readonly model: M } {
    return this.kept;
  }
}

async function measure(
  model: SessionRecommender,
  valid: PrefixSamples,
  forget: PrefixSamples,
  place: Place,
  original?: OperatingPoint,
): Promise<OperatingPoint> {
  const ranks = await targetRanks(model, valid);
  const [ndcg, recall] = [mean(ndcgAt(10, ranks)) ?? 0, mean(recallAt(10, ranks)) ?? 0];
  const hit = mean(recallAt(10, (await candidateRanks(model, forget)).sampled)) ?? 0;
  const start = original ?? { ndcg, recall };
  if (!(start.ndcg > 0))
    throw new InvalidArgumentError("the validation sessions cannot tell what the original is worth", {
      remedy: "give more validation sessions, or select the last epoch",
    });
  const { relative } = uScores({ recall, originalRecall: start.recall, hit, level: 0 });
  return { ...place, ndcg, recall, hit, uScore: relative, drop: 1 - ndcg / start.ndcg };
}
