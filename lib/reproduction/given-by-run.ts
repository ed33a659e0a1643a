import type { OptionList } from "../core";
import type { Options, Training } from "../experiments";

/** What a method is told: a run's options, and what it wants from the run itself. */
export function optionsOfRun(
  {
    config,
    split,
    training,
  }: {
    readonly config: { readonly options: { readonly method: Options } };
    readonly split: { readonly valid: unknown };
    readonly training: Training;
  },
  { fields }: OptionList,
): Readonly<Record<string, unknown>> {
  const { options, seed } = training;
  const ofRun = { validation: split.valid, training: { ...options, seed }, seed };
  const wanted = Object.entries(ofRun).filter(([name]) => Object.hasOwn(fields, name) && fields[name].isGiven);
  return { ...config.options.method, ...Object.fromEntries(wanted) };
}
