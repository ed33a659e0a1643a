import {
  recEraser,
  recEraserLightGcn,
  recEraserOptions,
  type ShardedDiagnostics,
  type ShardedPrepared,
  sisa,
  sisaLightGcn,
  sisaOptions,
} from "../../../baselines";
import { type OptionList, optionList } from "../../../core";
import type { Interactions } from "../../../data";
import type { Ensemble, Mf } from "../../../models";
import type { UnlearningCost, UnlearningRequest, UnlearningResult } from "../../../training";
import { countsOf, secondsOf } from "../../cost-facts";
import { type Options, originalOf, preparationOf, requestPartOf, retrainOf, startOf } from "../../../experiments";
import { optionsOfRun } from "../../given-by-run";
import type { RatingsMethod, RatingsOutcome } from "../types";
import { readShards, shardFiles } from "./shard-files";
import { ownTrainingOptions, shardTrainingNames, withOwnTraining, withShardTraining } from "./shard-training";

type Given = Readonly<Record<string, unknown>>;

/** SISA or RecEraser, as far as experiments need it. */
interface ShardedMethod {
  prepare(original: Mf, train: Interactions, options: Given): Promise<ShardedPrepared<Mf>>;
  unlearn(
    original: Ensemble<Mf>,
    request: UnlearningRequest,
    options: Given,
    prepared: ShardedPrepared<Mf>,
  ): Promise<UnlearningResult<Ensemble<Mf>, ShardedDiagnostics<Mf>>>;
}

/** A family of such methods, as runs use it. */
interface Family {
  readonly name: string;
  readonly label: string;
  readonly options: OptionList;
  /** Of the options, those that say what a shard holds. */
  readonly partitionedBy: readonly string[];
  /** Whether the partition compares the original's embeddings. */
  readonly looksAtOriginal: boolean;
  /** The method for each backbone. Models and shards are of one kind throughout a run: here they are called MF's. */
  readonly forms: Readonly<Record<string, object>>;
}

/** Of the options, those that say how a shard is trained. */
const trainedBy: readonly string[] = ["batches", ...shardTrainingNames];

const families: readonly Family[] = [
  {
    ...{ name: "sisa", label: "SISA", options: withShardTraining(sisaOptions), looksAtOriginal: false },
    partitionedBy: ["shards", "slices"],
    forms: { mf: sisa, lightgcn: sisaLightGcn },
  },
  {
    ...{ name: "receraser", label: "RecEraser", options: withShardTraining(recEraserOptions), looksAtOriginal: true },
    partitionedBy: ["shards", "slices", "partition", "iterations", "slack", "centroids"],
    forms: { mf: recEraser, lightgcn: recEraserLightGcn },
  },
];

/** Methods that train a model on every shard, and their shards. */
export const shardedMethods: Readonly<Record<string, RatingsMethod>> = Object.fromEntries(
  families.flatMap((family) => [
    [family.name, sharded(family)],
    [`${family.name}-shards`, shardsPart(family)],
  ]),
);

function methodFor({ forms }: Family, backbone: string): ShardedMethod {
  return forms[backbone] as ShardedMethod;
}

/** The options that the shards depend on. */
function namesFor({ options, partitionedBy }: Family): string[] {
  return Object.keys(options.fields).filter((name) => partitionedBy.includes(name) || trainedBy.includes(name));
}

/** The shards before anything is forgotten: paid once, shared by every request and by modes that partition alike. */
function shardsPart(family: Family): RatingsMethod {
  const { label, options, looksAtOriginal } = family;
  const own = optionList(label, Object.fromEntries(namesFor(family).map((name) => [name, options.fields[name]])));
  return {
    code: __filename,
    label: () => `${label}, before forgetting`,
    options: () => own,
    backbones: Object.keys(family.forms),
    prerequisites: (config, task) => (looksAtOriginal ? [originalOf(config, task)] : []),
    async run(context) {
      const original = looksAtOriginal
        ? ((await context.prerequisite("original").model()) as Mf)
        : (undefined as never);
      const method = methodFor(family, context.config.backbone);
      const told = withOwnTraining(optionsOfRun(context, options));
      const prepared = await method.prepare(original, context.split.train, told);
      const { model, seconds } = prepared;
      return { model, facts: { rows: context.split.train.user.length }, seconds, files: shardFiles(prepared) };
    },
  };
}

/** Forgets from the shards that the preparation, or the request before, left. */
function sharded(family: Family): RatingsMethod {
  const preparation = `${family.name}-shards`;
  return {
    code: __filename,
    label: (options) => labelOf(family, options),
    options: () => family.options,
    backbones: Object.keys(family.forms),
    prerequisites(config, task) {
      const { method } = config.options;
      const usual = family.options.defaults() as Options;
      const training = method["retrains"] === "all" ? usual : method; // only the partition is looked at: the quick one serves
      const own = Object.fromEntries(
        namesFor(family).map((name) => [name, (trainedBy.includes(name) ? training : method)[name]]),
      );
      const start = startOf(config, task);
      return [start.method === family.name ? start : preparationOf(config, task, preparation, own), retrainOf(config)];
    },
    async run(context): Promise<RatingsOutcome> {
      const { config, request, task } = context;
      const before = context.prerequisites(family.name)[0] ?? context.prerequisite(preparation);
      const method = methodFor(family, config.backbone);
      let prepared = await readShards<Mf>(before, request.train);
      const told = withOwnTraining(optionsOfRun(context, family.options));
      const costs: UnlearningCost[] = [];
      const retrainedShards: number[] = [];
      for (const forgetRows of request.parts) {
        const part = { name: request.name, train: request.train, forgetRows };
        const { cost, diagnostics } = await method.unlearn(prepared.model, part, told, prepared);
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

/** The family, the mode, and what the shards hold and how they are trained where that is not the default. */
function labelOf({ label, options }: Family, method: Options): string {
  const { mode, partition } = method;
  const usual = partition === undefined || partition === options.fields["partition"]?.initial;
  const by = usual ? "" : `, by ${String(partition)}`;
  const own = ownTrainingOptions(method).length === 0 ? "" : ", shards trained their own way";
  return `${label} (${String(mode)}${by}${own})`;
}
