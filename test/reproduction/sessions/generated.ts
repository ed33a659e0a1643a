import { type Options, type RunProblem, resolveConfig, type Task } from "recsys-unlearning/experiments";
import { builtInParts, type SessionsTask } from "recsys-unlearning/reproduction";

/** The task, with its own types. */
export const task = builtInParts.tasks["sessions"] as unknown as Task<SessionsTask>;

/** What a request asks for, on generated sessions. */
export async function problemFor(request: Options): Promise<RunProblem<SessionsTask>> {
  const given = { data: {}, training: {}, request, method: {} };
  const config = { dataset: "generated-sessions", backbone: "popularity", method: "original", options: given, seed: 1 };
  const { options } = resolveConfig(config, builtInParts);
  const split = (await builtInParts.datasets["generated-sessions"].load(options.data)) as SessionsTask["split"];
  return task.requests[String(options.request["kind"])].problem(split, options.request, 1);
}
