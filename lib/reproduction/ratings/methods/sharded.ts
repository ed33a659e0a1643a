import {
  recEraser,
  recEraserLightGcn,
  type ShardedDiagnostics,
  type ShardedPrepared,
  sisa,
  sisaLightGcn,
} from "../../../baselines";
import type { Interactions } from "../../../data";
import type { Ensemble, Mf } from "../../../models";
import type { UnlearningCost, UnlearningRequest, UnlearningResult } from "../../../training";
import { countsOf, secondsOf } from "../../cost-facts";
import { type Options, originalOf, preparationOf, requestPartOf, retrainOf, startOf } from "../../../experiments";
import type { RatingsContext, RatingsMethod, RatingsOutcome } from "../types";
import { readShards, shardFiles } from "./shard-files";

/** SISA or RecEraser, as far as experiments need it. */
interface ShardedMethod {
  prepare(original: Mf, train: Interactions, options: Options): Promise<ShardedPrepared<Mf>>;
  unlearn(
    original: Ensemble<Mf>,
    request: UnlearningRequest,
    options: Options,
    prepared: ShardedPrepared<Mf>,
  ): Promise<UnlearningResult<Ensemble<Mf>, ShardedDiagnostics<Mf>>>;
}

const families = {
  sisa: { mf: sisa, lightgcn: sisaLightGcn },
  receraser: { mf: recEraser, lightgcn: recEraserLightGcn },
} as const;
type Family = keyof typeof families;

/** The method for a run's backbone. Models and shards are of one kind throughout a run, whichever it is: here they are called MF's. */
function methodFor(family: Family, backbone: string): ShardedMethod {
  return families[family][backbone as "mf" | "lightgcn"] as unknown as ShardedMethod;
}

/** What the methods are told: the run's options, and what comes from the run itself. */
function optionsOf({ config, split, training }: RatingsContext): Options {
  const { options, seed } = training;
  return {
    ...config.options.method,
    ...{ training: { ...options, seed }, validation: split.valid, seed },
  } as unknown as Options;
}

/** The shards before anything is forgotten: paid once, shared by every request and by modes that partition alike. */
function shardsPart(family: Family, label: string, defaults: Options, looksAtOriginal: boolean): RatingsMethod {
  return {
    code: __filename,
    label: () => `${label}, before forgetting`,
    defaults,
    backbones: ["mf", "lightgcn"],
    prerequisites: (config, task) => (looksAtOriginal ? [originalOf(config, task)] : []),
    async run(context) {
      const original = looksAtOriginal
        ? ((await context.prerequisite("original").model()) as Mf)
        : (undefined as never);
      const method = methodFor(family, context.config.backbone);
      const prepared = await method.prepare(original, context.split.train, optionsOf(context));
      const { model, seconds } = prepared;
      return { model, facts: { rows: context.split.train.user.length }, seconds, files: shardFiles(prepared) };
    },
  };
}

/** Forgets from the shards that the preparation, or the request before, left. */
function sharded(
  family: Family,
  label: (options: Options) => string,
  defaults: RatingsMethod["defaults"],
  shardOptions: readonly string[],
): RatingsMethod {
  const preparation = `${family}-shards`;
  return {
    code: __filename,
    label,
    defaults,
    backbones: ["mf", "lightgcn"],
    prerequisites(config, task) {
      const { method } = config.options;
      const own = Object.fromEntries(shardOptions.map((name) => [name, method[name]]));
      if (method["retrains"] === "all") own["batches"] = "share"; // only the partition is looked at, so the quicker training serves
      const start = startOf(config, task);
      return [start.method === family ? start : preparationOf(config, task, preparation, own), retrainOf(config)];
    },
    async run(context): Promise<RatingsOutcome> {
      const { config, request, task } = context;
      const before = context.prerequisites(family)[0] ?? context.prerequisite(preparation);
      const method = methodFor(family, config.backbone);
      let prepared = await readShards<Mf>(before);
      const costs: UnlearningCost[] = [];
      const retrainedShards: number[] = [];
      for (const forgetRows of request.parts) {
        const part = { name: request.name, train: request.train, forgetRows };
        const { cost, diagnostics } = await method.unlearn(prepared.model, part, optionsOf(context), prepared);
        costs.push(cost);
        retrainedShards.push(diagnostics.retrainedShards.length);
        prepared = diagnostics.prepared;
      }
      return {
        model: prepared.model,
        facts: {
          forgetRows: request.forgetRows.length,
          ...countsOf(costs),
          retrainedShards: retrainedShards.reduce((sum, count) => sum + count, 0),
        },
        seconds: secondsOf(costs),
        preparation: before.config.method === preparation ? before.seconds : {},
        files: requestPartOf(config, task).previous === undefined ? {} : shardFiles(prepared),
      };
    },
  };
}

const isPaper = ({ mode }: Options) => mode === "paper";

export const sisaShards = shardsPart("sisa", "SISA", { shards: 10, slices: 1, batches: "share" }, false);
export const sisaMethod = sharded(
  "sisa",
  ({ mode }) => `SISA (${String(mode)})`,
  (_backbone, given) => ({
    ...{ mode: "principled", shards: 10, slices: 1, batches: isPaper(given) ? "whole" : "share" },
    ...{ aggregation: isPaper(given) ? "attention" : "mean", retrains: isPaper(given) ? "all" : "touched" },
  }),
  ["shards", "slices", "batches"],
);

const recEraserPartition = { partition: "interaction", iterations: 50, slack: 1.2 };
export const recEraserShards = shardsPart(
  "receraser",
  "RecEraser",
  { shards: 10, slices: 1, batches: "share", ...recEraserPartition, centroids: "mean" },
  true,
);
export const recEraserMethod = sharded(
  "receraser",
  ({ mode, partition }) =>
    `RecEraser (${String(mode)}${partition === "interaction" ? "" : `, by ${String(partition)}`})`,
  (_backbone, given) => ({
    ...{ mode: "principled", shards: 10, slices: 1, aggregation: "attention", ...recEraserPartition },
    ...{ centroids: isPaper(given) ? "scalar" : "mean", retrains: isPaper(given) ? "all" : "touched" },
    batches: isPaper(given) ? "whole" : "share",
  }),
  ["shards", "slices", "batches", "partition", "iterations", "slack", "centroids"],
);
