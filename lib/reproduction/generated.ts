import { asSetting, type OptionsOf, withInitial } from "../core";
import { generateInteractions, generateOptions, type Interactions } from "../data";
import type { Options } from "../experiments";

/** Options of made-up interactions, small by default. @param perUser interactions of a user, unless another is given */
export function generatedFields(perUser: number) {
  const { userCount, itemCount, interactionsPerUser, seed } = generateOptions.fields;
  return {
    userCount: withInitial(userCount, 120),
    itemCount: withInitial(itemCount, 90),
    interactionsPerUser: withInitial(interactionsPerUser, perUser),
    dataSeed: asSetting(seed),
  };
}

/** Made-up interactions by these options, the same for the same seed. */
export function generate(options: Options): Interactions {
  const { dataSeed, ...shape } = options as OptionsOf<ReturnType<typeof generatedFields>>;
  const { userCount, itemCount, interactionsPerUser } = shape;
  return generateInteractions({ userCount, itemCount, interactionsPerUser, seed: dataSeed });
}
