import { describeRun, type OptionValue, type RunConfig } from "./run-config";

const groups = ["data", "training", "request", "method"] as const;

/**
 * Runs in a line each, as `describeRun` has them; those that it calls the same are told apart by the options in which
 * they differ, spelt as `--set` takes them. An option that a run does not have is left out of its line.
 *
 * @param configs complete
 * @returns in their order
 * @example
 * const selection = { preset: "tiny", only: ["method=ifru", "seed=1"] } as const;
 * const configs = expandView(viewNamed("ifru-time"), selection, builtInParts);
 * describeRuns(configs); // "ifru on generated (mf, to forget: interaction, seed 1): method.mode=principled", …
 */
export function describeRuns(configs: readonly RunConfig[]): string[] {
  const alike = new Map<string, RunConfig[]>();
  for (const config of configs) {
    const name = describeRun(config);
    alike.set(name, [...(alike.get(name) ?? []), config]);
  }
  const differing = new Map([...alike].map(([name, ofName]) => [name, differingOptions(ofName)]));
  return configs.map((config) => {
    const name = describeRun(config);
    const options = optionsOf(config);
    const shown = (differing.get(name) ?? []).flatMap((key) =>
      options.has(key) ? [`${key}=${String(options.get(key))}`] : [],
    );
    return shown.length === 0 ? name : `${name}: ${shown.join(", ")}`;
  });
}

/** Names of the options that do not have one value in all of some configs, in the order of the first that has each. */
function differingOptions(configs: readonly RunConfig[]): string[] {
  if (configs.length === 1) return [];
  const all = configs.map(optionsOf);
  const keys = new Set(all.flatMap((options) => [...options.keys()]));
  return [...keys].filter((key) => new Set(all.map((options) => options.get(key))).size > 1);
}

function optionsOf({ options }: RunConfig): ReadonlyMap<string, OptionValue> {
  return new Map(
    groups.flatMap((group) => Object.entries(options[group]).map(([name, value]) => [`${group}.${name}`, value])),
  );
}
