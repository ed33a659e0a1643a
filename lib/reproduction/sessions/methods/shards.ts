import type { ItemVectors, PreparedSessionShards, ShardedSessionsDiagnostics } from "../../../baselines";
import type { Sessions } from "../../../data";
import { type SessionEnsemble, type SessionModel, sessionModelKinds } from "../../../models";
import type { UnlearningRequest, UnlearningResult } from "../../../training";
import { countsOf } from "../../cost-facts";
import { type Options, originalOf, preparationOf, retrainOf } from "../../../experiments";
import type { SessionsContext, SessionsMethod, SessionsOutcome } from "../types";
import { readShards, shardFiles } from "./shard-files";

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
  prepare(original: SessionModel, train: Sessions, options: Options): Promise<PreparedSessionShards>;
  unlearn(
    original: SessionEnsemble,
    request: UnlearningRequest<Sessions>,
    options: Options,
    prepared: PreparedSessionShards,
  ): Promise<UnlearningResult<SessionEnsemble, ShardedSessionsDiagnostics>>;
  /** The method's options out of a run's. */
  own(options: Options): object;
}

/** What the methods are told: the run's options, and what comes from the run itself. */
function optionsOf({ config, split, training }: SessionsContext, own: ShardedMethod["own"]): Options {
  const { options, seed } = training;
  const told = { ...own(config.options.method), training: { ...options, seed }, validation: split.valid, seed };
  return told as unknown as Options;
}

/** The shards before anything is forgotten: paid once, shared by every request and by all options that partition alike. */
export function shardsPart(method: ShardedMethod, defaults: Options): SessionsMethod {
  return {
    code: method.code,
    label: () => `${method.label}, before forgetting`,
    defaults,
    backbones: sessionModelKinds,
    prerequisites: (config, task) => (method.vectorsOf === null ? [] : [originalOf(config, task)]),
    async run(context): Promise<SessionsOutcome> {
      const { config, split } = context;
      const original =
        method.vectorsOf === null ? { kind: config.backbone } : await context.prerequisite("original").model();
      const prepared = await method.prepare(original as SessionModel, split.train, optionsOf(context, method.own));
      const { model, seconds, parallelSeconds } = prepared;
      return { model, facts: { shards: model.members.length }, seconds, parallelSeconds, files: shardFiles(prepared) };
    },
  };
}

/** Forgets from the shards that the preparation left. @param shardOptions those that a preparation depends on */
export function shardedPart(
  method: ShardedMethod,
  defaults: (given: Options) => Options,
  shardOptions: readonly string[],
  label: (options: Options) => string = () => method.label,
): SessionsMethod {
  return {
    code: method.code,
    label: (options) => `${label(options)}${options["mode"] === "paper" ? " (paper)" : ""}`,
    defaults: (_backbone, given) => defaults(given),
    backbones: sessionModelKinds,
    prerequisites(config, task) {
      const own = Object.fromEntries(shardOptions.map((name) => [name, config.options.method[name]]));
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
      const prepared = await readShards(before, vectors);
      const options = optionsOf(context, method.own);
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
