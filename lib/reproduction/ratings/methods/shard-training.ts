import { numberOrWordOption, type OptionList, optionList } from "../../../core";
import type { Options } from "../../../experiments";

const whole = "whole";

const fields = {
  shardRegularization: numberOrWordOption("A shard's regularization; `whole`: the whole's.", [whole], whole, {
    min: 0,
  }),
  shardLearningRate: numberOrWordOption("A shard's step size; `whole`: the whole's.", [whole], whole, { above: 0 }),
};

/** What a training calls them. */
const inTraining: Readonly<Record<string, string>> = {
  shardRegularization: "regularization",
  shardLearningRate: "learningRate",
};

/** The options by which runs train shards otherwise than the whole. */
export const shardTrainingNames: readonly string[] = Object.keys(fields);

/** A method's options and these. */
export function withShardTraining({ where, fields: own }: OptionList): OptionList {
  return optionList(where, { ...own, ...fields });
}

/** Those of these options that are not the whole's. */
export function ownTrainingOptions(options: Options): string[] {
  return shardTrainingNames.filter((name) => options[name] !== undefined && options[name] !== whole);
}

/** What a sharded method is told: these options as part of how a shard is trained. */
export function withOwnTraining(told: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const rest = Object.entries(told).filter(([name]) => !shardTrainingNames.includes(name));
  const own = ownTrainingOptions(told as Options).map((name) => [inTraining[name], told[name]]);
  return { ...Object.fromEntries(rest), training: { ...(told["training"] as Options), ...Object.fromEntries(own) } };
}
