import { numberOption, optionList, type OptionsOf, type Random, wordOption } from "../core";

/** In which order the samples to forget are visited. */
export const curriculumFields = {
  sampling: wordOption(
    "`soft`: drawn without replacement, easy ones likelier first. `hard`: strictly from easy to hard. `reversed`: from " +
      "hard to easy. `random`: no curriculum.",
    { soft: "soft", hard: "hard", reversed: "hardest first", random: "w/o curriculum" },
    "soft",
  ),
  temperature: numberOption(
    "Soft sampling, in standard deviations of the difficulty: near 0 it comes to `hard`, when large to `random`.",
    1,
    { above: 0 },
  ),
};

const curriculumOptions = optionList("curriculumOrder", curriculumFields);

/** The options of `curriculumOrder`. */
export interface CurriculumOptions extends OptionsOf<typeof curriculumFields> {}

/**
 * An order of visit; consecutive stretches of it are the batches (README, equations 6 and 7).
 *
 * @param difficulty of each sample, higher is harder, `[samples]`
 * @returns sample numbers, `[samples]`
 * @throws InvalidOptionError for options out of range
 * @example
 * const difficulty = Float64Array.of(0.9, 0.1, 0.5);
 * curriculumOrder(difficulty, { sampling: "hard", temperature: 1 }, Random.fromSeed(1)); // [1, 2, 0]
 */
export function curriculumOrder(difficulty: Float64Array, options: CurriculumOptions, random: Random): Int32Array {
  const { sampling, temperature } = curriculumOptions.resolve({
    ...{ sampling: options.sampling, temperature: options.temperature },
  });
  switch (sampling) {
    case "hard":
      return ascending(difficulty);
    case "reversed":
      return ascending(difficulty).reverse();
    case "random":
      return ascending(difficulty.map(() => random.uniform()));
    case "soft": {
      // Gumbel noise on the log-weights is a weighted draw without replacement (Plackett-Luce)
      const standard = standardised(difficulty);
      return ascending(standard.map((value) => value / temperature - gumbel(random)));
    }
  }
}

/** Sample numbers by ascending key, equal keys in their order. */
function ascending(keys: Float64Array): Int32Array {
  return Int32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b] || a - b);
}

/** A draw from the standard Gumbel distribution. */
function gumbel(random: Random): number {
  return -Math.log(-Math.log(Math.max(random.uniform(), Number.MIN_VALUE)));
}

/** At mean 0 and variance 1; all 0 where every sample is as hard as the others. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return variance > 0 ? values.map((value) => (value - mean) / Math.sqrt(variance)) : new Float64Array(values.length);
}
