import { engineName } from "recsys-unlearning/engine";
import {
  computeWithPrerequisites,
  type Options,
  type RunProblem,
  resolveConfig,
  type RunConfig,
  runOf,
  type RunRecord,
  type RunStore,
} from "recsys-unlearning/experiments";
import { builtInParts, type Ratings } from "recsys-unlearning/reproduction";

const quick: Options = { embeddingSize: 4, learningRate: 0.01, initialDeviation: 0.1, epochs: 5 };

/** A complete config on generated data, quickly trained. */
export function configOf(
  method: string,
  own: Options = {},
  request: Options = {},
  backbone = "mf",
  training = quick,
): RunConfig {
  const options = { data: {}, training, request, method: own };
  return resolveConfig({ dataset: "generated", backbone, method, options, seed: 1 }, builtInParts);
}

/** What a request asks for, on generated data. */
export async function problemFor(request: Options, seed = 1): Promise<RunProblem<Ratings>> {
  const { options } = configOf("original", {}, request);
  const split = await builtInParts.datasets["generated"].load(options.data);
  const part = builtInParts.tasks["ratings"].requests[String(options.request["kind"])];
  return part.problem(split, options.request, seed) as RunProblem<Ratings>;
}

/** The record of a run, computed with what it rests on. */
export async function recordOf(config: RunConfig, store: RunStore): Promise<RunRecord> {
  const run = await runOf(config, builtInParts, engineName());
  await computeWithPrerequisites(run, store, builtInParts);
  const state = await store.read(run.id);
  if (state.kind !== "done") throw new Error(`${config.method} is ${state.kind}`);
  return state.record;
}
