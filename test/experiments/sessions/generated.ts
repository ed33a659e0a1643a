import {
  builtInParts,
  type Options,
  type Problem,
  resolveConfig,
  type RunConfig,
  type SessionsTask,
  type Task,
} from "recsys-unlearning/experiments";

/** The task, with its own types. */
export const task = builtInParts.tasks["sessions"] as unknown as Task<SessionsTask>;

/** A complete config on generated sessions, quickly trained. */
export function configOf(
  method: string,
  request: Options = {},
  backbone = "markov-chain",
  own: Options = {},
): RunConfig {
  const training = { embeddingSize: 8, learningRate: 0.01, epochs: 2 };
  const isTrained = ["gru4rec", "sasrec", "bert4rec"].includes(backbone);
  const options = { data: {}, training: isTrained ? training : {}, request, method: own };
  return resolveConfig({ dataset: "generated-sessions", backbone, method, options, seed: 1 }, builtInParts);
}

/** What a request asks for, on generated sessions. */
export async function problemFor(request: Options): Promise<Problem<SessionsTask>> {
  const { options } = configOf("original", request);
  const split = (await builtInParts.datasets["generated-sessions"].load(options.data)) as SessionsTask["split"];
  return task.requests[String(options.request["kind"])].problem(split, options.request, 1);
}
