import { canonicalJson, InvalidArgumentError, requireNumber } from "../../core";
import type { Options, RunConfig, RunOptions } from "./run-config";

/** One value of an axis of a grid: what it is called in the code, and the options that differ from the defaults. */
export interface Choice {
  readonly name: string;
  readonly options?: Options;
}

/** Runs as data: every combination of its axes. States only what differs from the defaults. */
export interface Grid {
  /** With options of the data protocol. */
  readonly datasets: readonly Choice[];
  /** With options of training. */
  readonly backbones: readonly Choice[];
  /** With the methods' own options. */
  readonly methods: readonly Choice[];
  /** Further options that every combination is run with, one set after another. Default: one empty set. */
  readonly options?: readonly Partial<RunOptions>[];
  readonly seeds: readonly number[];
}

/** Fills in the defaults of a config's options, and refuses what does not exist. */
export type ResolveConfig = (config: RunConfig) => RunConfig;

/**
 * The runs of a grid, each once, in a fixed order: datasets, backbones, option sets, methods, seeds, the last varying
 * fastest.
 *
 * @param resolve fills in defaults
 * @throws InvalidArgumentError for an axis without values
 * @example
 * const [datasets, backbones, methods] = ["ml-100k", "mf", "retrain"].map((name) => [{ name }]);
 * const grid = { datasets, backbones, methods, seeds: seedsUpTo(3) };
 * const configs = expandGrid(grid, (config) => resolveConfig(config, builtInParts)); // three runs
 */
export function expandGrid(grid: Grid, resolve: ResolveConfig): RunConfig[] {
  return expandGrids([grid], resolve);
}

/**
 * The same of several grids, one after another; a run that several have stands where it is first.
 *
 * @example
 * const { quick } = viewNamed("ifru-accuracy").grids;
 * const configs = expandGrids(quick, (config) => resolveConfig(config, builtInParts)); // those on MF, then on LightGCN
 */
export function expandGrids(grids: readonly Grid[], resolve: ResolveConfig): RunConfig[] {
  const runs = new Map<string, RunConfig>();
  for (const grid of grids)
    for (const config of configsOf(grid).map(resolve)) {
      const name = canonicalJson(config);
      if (!runs.has(name)) runs.set(name, config);
    }
  return [...runs.values()];
}

function configsOf(grid: Grid): RunConfig[] {
  for (const axis of ["datasets", "backbones", "methods", "seeds"] as const)
    if (grid[axis].length === 0) throw new InvalidArgumentError(`the grid has no ${axis}`);
  for (const seed of grid.seeds) requireNumber("seed", seed, { integer: true });
  const configs: RunConfig[] = [];
  for (const dataset of grid.datasets)
    for (const backbone of grid.backbones)
      for (const options of grid.options ?? [{}])
        for (const method of grid.methods)
          for (const seed of grid.seeds) configs.push(configOf(dataset, backbone, method, options, seed));
  return configs;
}

function configOf(
  dataset: Choice,
  backbone: Choice,
  method: Choice,
  common: Partial<RunOptions>,
  seed: number,
): RunConfig {
  const options: RunOptions = {
    data: { ...common.data, ...dataset.options },
    training: { ...common.training, ...backbone.options },
    request: { ...common.request },
    method: { ...common.method, ...method.options },
  };
  return { dataset: dataset.name, backbone: backbone.name, method: method.name, options, seed };
}

/**
 * The first `count` seeds of every grid: 1, 2, 3 …
 *
 * @example
 * seedsUpTo(3); // [1, 2, 3]
 */
export function seedsUpTo(count: number): number[] {
  requireNumber("seeds", count, { min: 1, integer: true });
  return Array.from({ length: count }, (_, i) => i + 1);
}
