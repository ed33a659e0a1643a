import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { type xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { CorruptFileError } from "./errors";

/** What it takes to continue a stream of random numbers where it stood. Plain JSON. */
export interface RandomState {
  readonly generator: readonly number[];
  /** The second half of the last normal pair, when it is still unused. */
  readonly spareNormal: number | null;
}

/**
 * A seeded stream of random numbers (xoroshiro128+) whose state can be saved. The only source of randomness in lib.
 *
 * Streams that must not disturb each other are derived: `Random.derive(seed, "batches")`.
 */
export class Random {
  private spareNormal: number | null = null;

  private constructor(private readonly generator: ReturnType<typeof xoroshiro128plus>) {}

  /** @param seed any integer; equal seeds give equal streams on every machine */
  static fromSeed(seed: number): Random {
    return Random.derive(seed);
  }

  /**
   * A stream of its own for one purpose, so that results do not depend on the order of unrelated work.
   *
   * @param seed the run's seed
   * @param labels what the stream is for, such as `"initialisation"` or a user's id
   */
  static derive(seed: number, ...labels: (string | number)[]): Random {
    const digest = createHash("sha256")
      .update(JSON.stringify([seed, ...labels]))
      .digest();
    const words = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
    if (!words.some((word) => word !== 0)) words[0] = 1;
    return new Random(xoroshiro128plusFromState(words));
  }

  /** Continues a stream. @throws CorruptFileError when `state` is not one that `state()` gave */
  static fromState(state: RandomState): Random {
    const valid = Array.isArray(state.generator) && state.generator.length === 4;
    if (!valid || !state.generator.every(Number.isInteger))
      throw new CorruptFileError("the random state is not four integers", { remedy: "start the run afresh" });
    const random = new Random(xoroshiro128plusFromState(state.generator));
    random.spareNormal = state.spareNormal;
    return random;
  }

  state(): RandomState {
    return { generator: [...this.generator.getState()], spareNormal: this.spareNormal };
  }

  /** A number in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** A whole number in [0, bound). */
  integer(bound: number): number {
    return uniformInt(this.generator, 0, bound - 1);
  }

  /** A draw from the standard normal distribution (Marsaglia's polar method). */
  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    let x: number, y: number, square: number;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    this.spareNormal = y * scale;
    return x * scale;
  }

  /** Fills `target` with draws from a normal distribution of mean 0. */
  fillNormal(target: Float32Array, standardDeviation: number): Float32Array {
    for (let i = 0; i < target.length; i++) target[i] = standardDeviation * this.normal();
    return target;
  }

  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends Int32Array | unknown[]>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
    return values;
  }

  /**
   * `count` different whole numbers below `bound`, in random order.
   *
   * @throws RangeError when there are not that many
   */
  sample(bound: number, count: number): Int32Array {
    if (count > bound) throw new RangeError(`cannot draw ${count} different numbers below ${bound}`);
    const moved = new Map<number, number>();
    return Int32Array.from({ length: count }, (_, i) => {
      const j = i + this.integer(bound - i);
      const drawn = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
      return drawn;
    });
  }
}
