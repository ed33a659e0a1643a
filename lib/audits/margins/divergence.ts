import { numberOption, optionList, type OptionsOf, wholeOption, wordOption } from "../../core";

/** How two samples of margins are compared. */
export const divergenceOptions = optionList("klom", {
  form: wordOption(
    "`histogram`: shares in bins of equal width, as KLoM has them. `gaussian`: normal distributions of the same mean " +
      "and variance, which few models estimate better.",
    ["histogram", "gaussian"],
    "histogram",
  ),
  bins: wholeOption("Bins between the least and the largest margin of both sides.", 20, 2),
  leastShare: numberOption("Added to every bin's share, so that an empty one is not infinitely unlikely.", 1e-5, {
    above: 0,
    max: 1,
  }),
  clip: numberOption("Margins beyond it, to either side, count as it; so do divergences above it.", 100, { above: 0 }),
});

/** Options of `klom`; defaults and ranges are in `divergenceOptions`. */
export interface DivergenceOptions extends OptionsOf<typeof divergenceOptions.fields> {}

/** Least standard deviation of a normal distribution: models that agree to the bit have none. */
const leastDeviation = 1e-3;

/** KL(reference || other) of one row's margins, in nats. */
export function divergence(reference: Float64Array, other: Float64Array, options: DivergenceOptions): number {
  const within = (values: Float64Array) =>
    values.map((value) => Math.min(options.clip, Math.max(-options.clip, value)));
  const found = (options.form === "histogram" ? ofHistograms : ofGaussians)(within(reference), within(other), options);
  return Math.min(found, options.clip);
}

function ofHistograms(reference: Float64Array, other: Float64Array, { bins, leastShare }: DivergenceOptions): number {
  const low = Math.min(least(reference), least(other));
  const width = (Math.max(largest(reference), largest(other)) - low) / bins;
  if (width === 0) return 0;
  const shares = (values: Float64Array) => {
    const counts = new Float64Array(bins);
    for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
    return counts.map((count) => (count / values.length + leastShare) / (1 + bins * leastShare));
  };
  const [p, q] = [shares(reference), shares(other)];
  return p.reduce((sum, share, bin) => sum + share * Math.log(share / q[bin]), 0);
}

function ofGaussians(reference: Float64Array, other: Float64Array): number {
  const [p, q] = [momentsOf(reference), momentsOf(other)];
  const ratio = (p.deviation / q.deviation) ** 2;
  return (ratio - 1 - Math.log(ratio) + ((p.mean - q.mean) / q.deviation) ** 2) / 2;
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.max(leastDeviation, Math.sqrt(squares / (values.length - 1))) };
}

const least = (values: Float64Array) => values.reduce((a, b) => Math.min(a, b));
const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
