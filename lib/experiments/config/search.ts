import { InvalidArgumentError, Random, requireNumber } from "../../core";
import type { Parts } from "./parts";
import { resolveConfig } from "./resolve";
import type { Options, OptionValue, RunConfig } from "./run-config";

/** The values an option may take in a search. */
export type SearchRange =
  | { readonly choices: readonly OptionValue[] }
  | {
      readonly low: number;
      readonly high: number;
      /** Whether magnitudes are drawn rather than values. Default: false. */
      readonly logarithmic?: boolean;
      /** Whether only whole numbers are drawn. Default: false. */
      readonly integer?: boolean;
    };

/** A search for options: data. Trials are runs, so a search that was stopped goes on, and nothing is computed twice. */
export interface Search {
  /** The run that the options are put into. Seeds do not differ between trials. */
  readonly base: RunConfig;
  /** What the searched options concern. */
  readonly target: "training" | "method";
  readonly space: Readonly<Record<string, SearchRange>>;
  /** `"grid"`: every combination of choices; `"random"`: so many draws. */
  readonly trials: "grid" | number;
  /** The metric of a trial, from validation rows only: `"validation-auc"`. */
  readonly objective: "validation-auc";
  /** Of the draws. Default: 1. */
  readonly seed?: number;
}

/**
 * The configs of a search's trials. They depend on the search alone: random trial n is the same however many there are.
 *
 * @throws InvalidArgumentError for an empty space, a range without sense, or a grid over a range that is not a choice
 * @example
 * const trials = searchConfigs(searchNamed("generated-training"), builtInParts);
 * trials.map(({ options }) => options); // four: { learningRate: 0.001, embeddingSize: 4 } and so on
 */
export function searchConfigs(
  search: Search,
  parts: Parts,
): { readonly options: Options; readonly config: RunConfig }[] {
  const names = Object.keys(search.space);
  if (names.length === 0) throw new InvalidArgumentError("the search space is empty");
  const drawn = search.trials === "grid" ? combinations(search.space) : draws(search, search.trials);
  return drawn.map((options) => {
    const { base, target } = search;
    const merged = { ...base.options, [target]: { ...base.options[target], ...options } };
    return { options, config: resolveConfig({ ...base, options: merged }, parts) };
  });
}

function combinations(space: Search["space"]): Options[] {
  return Object.entries(space).reduce<Options[]>(
    (before, [name, range]) => {
      if (!("choices" in range))
        throw new InvalidArgumentError(`"${name}" is a range, of which a grid would need every value`, {
          remedy: "give choices, or draw trials at random",
        });
      return before.flatMap((options) => range.choices.map((choice) => ({ ...options, [name]: choice })));
    },
    [{}],
  );
}

function draws({ space, seed = 1 }: Search, count: number): Options[] {
  requireNumber("trials", count, { min: 1, integer: true });
  return Array.from({ length: count }, (_, trial) =>
    Object.fromEntries(
      Object.entries(space).map(([name, range]) => [
        name,
        drawn(name, range, Random.derive(seed, "search", trial, name)),
      ]),
    ),
  );
}

function drawn(name: string, range: SearchRange, random: Random): OptionValue {
  if ("choices" in range) return range.choices[random.integer(range.choices.length)];
  const { low, high, logarithmic = false, integer = false } = range;
  if (!(low < high) || (logarithmic && low <= 0))
    throw new InvalidArgumentError(`the range of "${name}" is ${low} to ${high}`, {
      remedy: "give low < high, and both above 0 for magnitudes",
    });
  const share = random.uniform();
  const value = logarithmic ? low * (high / low) ** share : low + share * (high - low);
  return integer ? Math.round(value) : Number(value.toPrecision(6));
}
