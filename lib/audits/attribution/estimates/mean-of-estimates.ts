import { InvalidArgumentError } from "../../../core";
import type { Estimate } from "../attribution";
import { meanOfOutputs } from "../outputs";

/**
 * The mean of several estimates, such as one from each of several trained models: chance in the one training that an
 * estimate starts from is averaged out.
 *
 * @param estimates of the same outputs on the same scale
 * @throws InvalidArgumentError for none
 * @example
 * const pairs = { user: test.user, item: test.item };
 * const ensemble = meanOfEstimates([fit, otherFit].map(({ model }) => gradientProducts([model], train, pairs)));
 */
export function meanOfEstimates(estimates: readonly Estimate[]): Estimate {
  if (estimates.length === 0)
    throw new InvalidArgumentError("there are no estimates", { where: "meanOfEstimates", remedy: "give one or more" });
  return async (kept, left) => {
    const values: Float32Array[][] = [];
    for (const estimate of estimates) values.push([(await estimate(kept, left)).slice()]);
    return meanOfOutputs(values)[0];
  };
}
