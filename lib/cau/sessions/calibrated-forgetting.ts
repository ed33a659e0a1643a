import { InvalidArgumentError } from "../../core";
import { historyCount, placesWhere, type PrefixSamples, sessionCount, type Sessions } from "../../data";
import { candidateRanks, mean, recallAt, unseenSamples } from "../../metrics";
import type { SessionRecommender } from "../../models";
import type { Place, Verdict } from "./operating-point";

/** Draws from the unseen sessions go on until there are so many samples, or so many draws. */
const [enoughSamples, mostDraws] = [2000, 40];

/** How a model ranks what is to be forgotten, beside how the original ranks what it never saw. */
export interface CalibrationPoint extends Place {
  /** Hit_u@10 among 501 candidates. */
  readonly hit: number;
  /** `hit` minus the same of unseen samples: above 0 it remembers, below 0 it over-forgets. */
  readonly gap: number;
  /** Samples that rank better than unseen ones at the same quantile do. */
  readonly remembered: number;
}

/**
 * Calibrated forgetting (README): what is to be forgotten should rank as the original ranks items of sessions that it
 * never saw, which is how a retrained model ranks it and is known without retraining. The original tells the level and
 * not the model as it changes, for damage lowers the ranks of everything, and a level that sinks along would be met by
 * a model that predicts nothing.
 */
export class CalibratedForgetting<M extends SessionRecommender> {
  /** All that were looked at, the original first. */
  readonly points: CalibrationPoint[] = [];
  /** The samples that still rank better than unseen ones, in the last model that did not go too far, ascending. */
  remembered = new Int32Array(0);
  /**
   * One standard error of the difference between two such shares: within it the samples cannot be told from unseen
   * ones.
   */
  private readonly tolerance: number;
  private kept: { readonly point: CalibrationPoint; readonly model: M } | undefined;
  private targets = new Int32Array(0);

  /** @param sessions how many unseen ones tell the level */
  private constructor(
    private readonly samples: PrefixSamples,
    private readonly level: number,
    private readonly unseenRanks: Int32Array,
    sessions: number,
  ) {
    this.tolerance = Math.sqrt(level * (1 - level) * (1 / sessions + 1 / historyCount(samples)));
  }

  /**
   * @param unseen sessions that were not trained on
   * @param learningRate the first step size
   * @throws InvalidArgumentError when none of them has two events: there is no level then
   */
  static async from<M extends SessionRecommender>(
    original: M,
    unseen: Sessions,
    samples: PrefixSamples,
    learningRate: number,
  ): Promise<CalibratedForgetting<M>> {
    const drawn = drawUnseen(unseen);
    if (historyCount(drawn) === 0)
      throw new InvalidArgumentError("the validation sessions cannot tell how the unseen rank: none has two events", {
        remedy: 'give more validation sessions, or mode "paper" with select "last"',
      });
    const ranks = await candidateRanks(original, drawn);
    const level = mean(recallAt(10, ranks.sampled)) ?? 0;
    const calibration = new CalibratedForgetting<M>(samples, level, ranks.full.slice().sort(), sessionCount(unseen));
    await calibration.look({ epoch: 0, learningRate }, original);
    return calibration;
  }

  /**
   * Looks at the model after an epoch. It goes on while the samples can still be told from unseen ones, and rank
   * better.
   */
  async look(place: Place, model: M): Promise<Verdict> {
    const { sampled, full } = await candidateRanks(model, this.samples);
    if (place.epoch === 0) this.targets = matched(full, this.unseenRanks);
    const remembered = placesWhere(full.length, (sample) => full[sample] < this.targets[sample]);
    const hit = mean(recallAt(10, sampled)) ?? 0;
    const point = { ...place, hit, gap: hit - this.level, remembered: remembered.length };
    this.points.push(point);
    const isNearer = this.kept === undefined || Math.abs(point.gap) <= Math.abs(this.kept.point.gap);
    if (isNearer) this.kept = { point, model };
    if (place.epoch > 0 && point.gap < -this.tolerance) return "too far";
    this.remembered = remembered;
    return point.gap > this.tolerance && remembered.length > 0 ? "go on" : "end";
  }

  get best(): { readonly point: CalibrationPoint; readonly model: M } {
    return this.kept!;
  }
}

/** The rank that each sample should fall to: that of the unseen sample at the same quantile. @param unseen ascending */
function matched(ranks: Int32Array, unseen: Int32Array): Int32Array {
  const byRank = Int32Array.from(ranks.keys()).sort((a, b) => ranks[a] - ranks[b] || a - b);
  const targets = new Int32Array(ranks.length);
  byRank.forEach((sample, place) => {
    targets[sample] = unseen[Math.floor(((place + 0.5) / ranks.length) * unseen.length)];
  });
  return targets;
}

/** One event of every session, again and again where sessions are few. */
function drawUnseen(sessions: Sessions): PrefixSamples {
  const once = unseenSamples(sessions, 1);
  const draws = Math.min(mostDraws, Math.ceil(enoughSamples / Math.max(1, historyCount(once))));
  const all = Array.from({ length: draws }, (_, draw) => unseenSamples(sessions, 1 + draw));
  const joined = (of: "start" | "end" | "target") => Int32Array.from(all.flatMap((one) => [...one[of]]));
  return { item: once.item, start: joined("start"), end: joined("end"), target: joined("target") };
}
