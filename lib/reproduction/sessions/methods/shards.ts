import type { ItemVectors, PreparedSessionShards, ShardedSessionsDiagnostics } from "../../../baselines";
import { type OptionList, optionList } from "../../../core";
import type { Sessions } from "../../../data";
import { type SessionEnsemble, type SessionModel, sessionModelKinds } from "../../../models";
import type { UnlearningRequest, UnlearningResult } from "../../../training";
import { countsOf } from "../../cost-facts";
import { optionsOfRun } from "../../given-by-run";
import { type Options, originalOf, preparationOf, retrainOf } from "../../../experiments";
import type { SessionsContext, SessionsMethod, SessionsOutcome } from "../types";
import { readShards, shardFiles } from "./shard-files";

type Given = Readonly<Record<string, unknown>>;

/** A method that trains a model on every shard of the sessions, as experiments need it. */
interface ShardedMethod {
  /** The module that defines it: `__filename` there. */
  readonly code: string;
  /** As papers write it. */
  readonly label: string;
  /** Its preparation, by name. */
  readonly preparation: string;
  /** Whether it looks at the original: what it compares items by, else `null`. */
  readonly vectorsOf: ((original: SessionModel) => ItemVectors) | null;
  /** The method's options in a config. */
  readonly settings: OptionList;
  /** The method's options. */
  readonly options: OptionList;
  /** Of the settings, those that the shards depend on. */
  readonly partitionedBy: readonly string[];
  prepare(original: SessionModel, train: Sessions, options: Given): Promise<PreparedSessionShards>;
  unlearn(
    original: SessionEnsemble,
    request: UnlearningRequest<Sessions>,
    options: Given,
    prepared: PreparedSessionShards,
  ): Promise<UnlearningResult<SessionEnsemble, ShardedSessionsDiagnostics>>;
  /** Its options out of a config's. */
  own(options: Options): object;
}

/** What the methods are told. */
function toldOf(context: SessionsContext, { own, options }: ShardedMethod): Given {
  const { config } = context;
  const method = own(config.options.method) as Options;
  return optionsOfRun({ ...context, config: { ...config, options: { ...config.options, method } } }, options);
}

/**
 * The shards before anything is forgotten: paid once, shared by every request and by all options that partition alike.
 */
export function shardsPart(method: ShardedMethod): SessionsMethod {
  const { settings, partitionedBy } = method;
  const own = optionList(method.label, Object.fromEntries(partitionedBy.map((name) => [name, settings.fields[name]])));
  return {
    code: method.code,
    label: () => `${method.label}, before forgetting`,
    options: () => own,
    backbones: sessionModelKinds,
    prerequisites: (config, task) => (method.vectorsOf === null ? [] : [originalOf(config, task)]),
    async run(context): Promise<SessionsOutcome> {
      const { config, split } = context;
      const original =
        method.vectorsOf === null ? { kind: config.backbone } : await context.prerequisite("original").model();
      const prepared = await method.prepare(original as SessionModel, split.train, toldOf(context, method));
      const { model, seconds, parallelSeconds } = prepared;
      return { model, facts: { shards: model.members.length }, seconds, parallelSeconds, files: shardFiles(prepared) };
    },
  };
}

/** Forgets from the shards that the preparation left. */
export function shardedPart(
  method: ShardedMethod,
  label: (options: Options) => string = () => method.label,
): SessionsMethod {
  return {
    code: method.code,
    label: (options) => `${label(options)}${options["mode"] === "paper" ? " (paper)" : ""}`,
    options: () => method.settings,
    backbones: sessionModelKinds,
    prerequisites(config, task) {
      const own = Object.fromEntries(method.partitionedBy.map((name) => [name, config.options.method[name]]));
      return [
        preparationOf(config, task, method.preparation, own),
        ...(method.vectorsOf === null ? [] : [originalOf(config, task)]),
        retrainOf(config),
      ];
    },
    async run(context): Promise<SessionsOutcome> {
      const { request, prerequisite } = context;
      const before = prerequisite(method.preparation);
      const vectors = method.vectorsOf?.((await prerequisite("original").model()) as SessionModel) ?? null;
      const prepared = await readShards(before, vectors, request.train);
      const options = toldOf(context, method);
      const { cost, diagnostics } = await method.unlearn(prepared.model, request, options, prepared);
      const { seconds, parallelSeconds = seconds } = cost;
      const { retrainedShards, epochs, aggregationEpochs, removedRows } = diagnostics;
      return {
        model: diagnostics.prepared.model,
        facts: {
          ...countsOf([cost]),
          ...{ retrainedShards: retrainedShards.length, epochs, aggregationEpochs, removedRows },
        },
        ...{ seconds, parallelSeconds, preparation: before.seconds },
      };
    },
  };
}
