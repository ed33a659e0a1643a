import { type Mode, settingsOf } from "../../../core";
import type { Options, Prerequisite, RunConfig, Task } from "../../../experiments";
import { ratingsMethods } from "../methods";
import type { RatingsContext, RatingsModel } from "../types";
import type { KeptModel } from "./files";

/** A method in a mode. */
interface Asked {
  readonly method: string;
  readonly mode: Mode;
  readonly label: string;
}

/** The methods whose margins are looked at, by name. */
export const answerers = {
  ifru: { method: "ifru", mode: "principled", label: "IFRU (principled)" },
  "ifru-paper": { method: "ifru", mode: "paper", label: "IFRU (paper)" },
  scif: { method: "scif", mode: "principled", label: "SCIF (principled)" },
  "gradient-ascent": { method: "gradient-ascent", mode: "principled", label: "Gradient ascent (principled)" },
} satisfies Readonly<Record<string, Asked>>;

/** The config of a method's own run, as it would answer this request. */
function asOwnRun(config: RunConfig, { method, mode }: Asked): RunConfig {
  const own = settingsOf(ratingsMethods[method].options(config.backbone)).defaults(mode);
  return { ...config, method, options: { ...config.options, method: { ...own, mode } as Options } };
}

/** What calibrates a method: once, on Original with seed 1, for all models. */
export function calibrationsFor(config: RunConfig, task: Task, asked: Asked): RunConfig[] {
  const own = asOwnRun(config, asked);
  const rests = ratingsMethods[asked.method].prerequisites(own, task as never);
  return rests.filter(({ method }) => method.endsWith("-calibration"));
}

/** Whether a method works on a backbone. */
export function answersOn(backbone: string, { method }: Asked): boolean {
  const { backbones } = ratingsMethods[method];
  return backbones === "all" || backbones.includes(backbone);
}

/** A model after forgetting, as the method's own run would leave it if it started from this original. */
export async function answered(context: RatingsContext, asked: Asked, original: KeptModel): Promise<RatingsModel> {
  const start = { model: async () => original } as unknown as Prerequisite<RatingsModel>;
  const prerequisites = (method: string) =>
    method === "original" ? [start] : method === asked.method ? [] : context.prerequisites(method);
  const config = asOwnRun(context.config, asked);
  const given = { ...context, config, prerequisites, prerequisite: (method: string) => prerequisites(method)[0] };
  return (await ratingsMethods[asked.method].run(given)).model!;
}
