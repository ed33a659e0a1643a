import { canonicalJson, settingsOf } from "../../core";
import type { Task } from "./parts";
import type { Options, RunConfig } from "./run-config";

/** The request of a task that is meant unless another is named. */
function defaultRequest(task: Task): Options {
  const [kind, { options }] = Object.entries(task.requests)[0];
  return { kind, ...(settingsOf(options).defaults() as Options) };
}

/**
 * The kind of a run's request.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "quick" }, builtInParts);
 * requestPartOf(config, builtInParts.tasks["ratings"]).label(config.options.request); // "one interaction"
 */
export function requestPartOf({ options }: RunConfig, task: Task) {
  return task.requests[String(options.request["kind"])];
}

/**
 * The run of *Original* that a run starts from: one for all requests that do not alter what it is trained on.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "quick", only: ["request=user"] }, builtInParts);
 * const { options } = originalOf(config, builtInParts.tasks["ratings"]);
 * options.request["kind"]; // "split": the request was "user", and one Original serves all
 */
export function originalOf(config: RunConfig, task: Task): RunConfig {
  const { altersTraining = false } = requestPartOf(config, task);
  const request = altersTraining ? config.options.request : defaultRequest(task);
  return { ...config, method: "original", options: { ...config.options, request, method: {} } };
}

/**
 * The run of *Retrain* that a run is compared with.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "quick", only: ["method=ifru"] }, builtInParts);
 * retrainOf(config).options.method; // {}: the method's own options are gone, all else stays
 */
export function retrainOf(config: RunConfig): RunConfig {
  return { ...config, method: "retrain", options: { ...config.options, method: {} } };
}

/**
 * The run a method starts from: itself on the request answered before, or *Original* where there was none.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "quick", only: ["method=ifru"] }, builtInParts);
 * startOf(config, builtInParts.tasks["ratings"]).method; // "original": no request was answered before
 */
export function startOf(config: RunConfig, task: Task): RunConfig {
  const previous = requestPartOf(config, task).previous?.(config.options.request) ?? null;
  if (previous === null) return originalOf(config, task);
  return { ...config, options: { ...config.options, request: previous } };
}

/**
 * A preparation that a run rests on: paid once for the trained model, whatever the request.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "quick", only: ["method=ifru"] }, builtInParts);
 * const calibration = preparationOf(config, builtInParts.tasks["ratings"], "ifru-calibration", {});
 * describeRun(calibration); // "ifru-calibration on ml-100k (mf, seed 1)"
 */
export function preparationOf(config: RunConfig, task: Task, method: string, options: Options): RunConfig {
  const original = originalOf(config, task);
  return { ...original, method, options: { ...original.options, method: options } };
}

export function isSameRun(a: RunConfig, b: RunConfig): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
