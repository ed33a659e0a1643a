import { InvalidArgumentError } from "../../core";
import { historyCount, placesWhere, type PrefixSamples, sessionCount, type Sessions } from "../../data";
import { candidateRanks, mean, recallAt, unseenSamples } from "../../metrics";
import type { SessionRecommender } from "../../models";
import type { Place, Verdict } from "./operating-point";
import { shareAtLevel } from "./step-back";

/** Draws from the unseen sessions go on until there are so many samples, or so many draws. */
const [enoughSamples, mostDraws] = [2000, 40];

/** The same where a step back is to end at the level: whole epochs need not know it as well. */
const enoughForStepBack = 6000;

/** How near to its aim a step back ends, in standard errors: nobody could tell. */
const nearEnough = 0.1;

/** How a model ranks what is to be forgotten, beside how the original ranks what it never saw. */
export interface CalibrationPoint extends Place {
  /** Hit_u@10 among 501 candidates. */
  readonly hit: number;
  /** `hit` minus the same of unseen samples: above 0 it remembers, below 0 it over-forgets. */
  readonly gap: number;
  /** Samples that rank better than unseen ones at the same quantile do. */
  readonly remembered: number;
  /** How much of the epoch's way was gone, where that is not all of it. */
  readonly share?: number;
}

/** The level, and where a step back to it ended. */
export interface StepBack {
  /** Hit_u@10 that the original reaches on unseen samples. */
  readonly level: number;
  /** One standard error of the difference between it and the same of the samples to forget. */
  readonly standardError: number;
  /** How much of the last epoch's way was gone, from 0 to 1. */
  readonly share: number;
}

/** A state and what was seen of it. */
interface Seen<M> {
  readonly point: CalibrationPoint;
  readonly model: M;
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
  /** The gap to end at. Of a step back, the first that cannot be told from 0: no more is forgotten than has to be. */
  private readonly aim: number;
  private kept: Seen<M> | undefined;
  /** The last state that can be told from unseen ones, and the one after it. */
  private above: Seen<M> | undefined;
  private below: Seen<M> | undefined;
  private targets = new Int32Array(0);

  /** @param sessions how many unseen ones tell the level */
  private constructor(
    private readonly samples: PrefixSamples,
    private readonly level: number,
    private readonly unseenRanks: Int32Array,
    sessions: number,
    private readonly between: ((above: M, below: M, share: number) => M) | undefined,
  ) {
    this.tolerance = Math.sqrt(level * (1 - level) * (1 / sessions + 1 / historyCount(samples)));
    this.aim = between === undefined ? 0 : this.tolerance;
  }

  /**
   * @param unseen sessions that were not trained on
   * @param learningRate the first step size
   * @param between gives the state at a share of the way from one to another. With it no epoch is too far, and
   *   `stepBack` goes back from the last to where it still cannot be told from unseen ones; without it, whole epochs
   *   are all there is.
   * @throws InvalidArgumentError when none of them has two events: there is no level then
   */
  static async from<M extends SessionRecommender>(
    original: M,
    unseen: Sessions,
    samples: PrefixSamples,
    learningRate: number,
    between?: (above: M, below: M, share: number) => M,
  ): Promise<CalibratedForgetting<M>> {
    const drawn = drawUnseen(unseen, between === undefined ? enoughSamples : enoughForStepBack);
    if (historyCount(drawn) === 0)
      throw new InvalidArgumentError("the validation sessions cannot tell how the unseen rank: none has two events", {
        remedy: 'give more validation sessions, or mode "paper" with select "last"',
      });
    const ranks = await candidateRanks(original, drawn);
    const level = mean(recallAt(10, ranks.sampled)) ?? 0;
    const unseenRanks = ranks.full.slice().sort();
    const calibration = new CalibratedForgetting<M>(samples, level, unseenRanks, sessionCount(unseen), between);
    await calibration.look({ epoch: 0, learningRate }, original);
    return calibration;
  }

  /**
   * Looks at the model after an epoch. It goes on while the samples can still be told from unseen ones, and rank
   * better.
   */
  async look(place: Place, model: M): Promise<Verdict> {
    const { point, remembered } = await this.see(place, model);
    const isAbove = point.gap > this.tolerance;
    if (isAbove) this.above = { point, model };
    else this.below = { point, model };
    if (this.between === undefined && place.epoch > 0 && point.gap < -this.tolerance) return "too far";
    this.remembered = remembered;
    return isAbove && remembered.length > 0 ? "go on" : "end";
  }

  /**
   * Goes back from the last epoch towards the one before, to where the samples rank one standard error better than
   * unseen ones.
   *
   * @returns where it ended; `undefined` where whole epochs are kept
   */
  async stepBack(): Promise<StepBack | undefined> {
    const { above, below, between, level, tolerance, aim } = this;
    if (between === undefined) return undefined;
    if (above !== undefined && below !== undefined)
      await shareAtLevel([above.point.gap - aim, below.point.gap - aim], tolerance * nearEnough, async (share) => {
        const { epoch, learningRate } = below.point;
        const { point } = await this.see({ epoch, learningRate, share }, between(above.model, below.model, share));
        return point.gap - aim;
      });
    return { level, standardError: tolerance, share: this.best.point.share ?? 1 };
  }

  get best(): Seen<M> {
    return this.kept!;
  }

  private async see(place: Place & { readonly share?: number }, model: M) {
    const { sampled, full } = await candidateRanks(model, this.samples);
    if (place.epoch === 0) this.targets = matched(full, this.unseenRanks);
    const remembered = placesWhere(full.length, (sample) => full[sample] < this.targets[sample]);
    const hit = mean(recallAt(10, sampled)) ?? 0;
    const point: CalibrationPoint = { ...place, hit, gap: hit - this.level, remembered: remembered.length };
    this.points.push(point);
    const distance = (of: CalibrationPoint) => Math.abs(of.gap - this.aim);
    if (this.kept === undefined || distance(point) <= distance(this.kept.point)) this.kept = { point, model };
    return { point, remembered };
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
function drawUnseen(sessions: Sessions, enough: number): PrefixSamples {
  const once = unseenSamples(sessions, 1);
  const draws = Math.min(mostDraws, Math.ceil(enough / Math.max(1, historyCount(once))));
  const all = Array.from({ length: draws }, (_, draw) => unseenSamples(sessions, 1 + draw));
  const joined = (of: "start" | "end" | "target") => Int32Array.from(all.flatMap((one) => [...one[of]]));
  return { item: once.item, start: joined("start"), end: joined("end"), target: joined("target") };
}
