import { Breather, optionList, ProgressTask, Stopwatch, wholeOption, wordOption } from "../../../core";
import { inModule, type Prerequisite, type RunConfig, type Task } from "../../../experiments";
import type { Mf } from "../../../models";
import type { RatingsContext, RatingsMethod, RatingsModel } from "../types";
import { answered, answerers, calibrationsFor } from "./answers";
import { marginsIn, readModels } from "./files";
import { lookedAt, marginsOf } from "./looked-at";
import { pretenderLabels, pretenders } from "./pretenders";
import { blockOf, blockSize } from "./trainings";

const references = { original: "Original", retrain: "Retrain", "retrain-again": "Retrain, other seeds" };

/** Whose margins may be looked at, as tables write it. */
const labels: Readonly<Record<string, string>> = {
  ...references,
  ...Object.fromEntries(Object.entries(answerers).map(([name, { label }]) => [name, label])),
  ...pretenderLabels,
};

interface Own {
  readonly by: string;
  readonly models: number;
}

const ownOf = ({ options }: RunConfig) => options.method as unknown as Own;

/** The margins of another kind of models, as many and for the same request. */
export function marginsRunOf(config: RunConfig, by: string): RunConfig {
  const { audit: _, ...rest } = config;
  return {
    ...rest,
    ...{ method: "margins", options: { ...config.options, method: { ...config.options.method, by } }, seed: 1 },
  };
}

function blocksOf(config: RunConfig, task: Task): RunConfig[] {
  const { by, models } = ownOf(config);
  const count = Math.ceil(models / blockSize);
  const learner = by.startsWith("retrain") ? "retrain" : "original";
  const first = by === "retrain-again" ? count + 1 : 1;
  return Array.from({ length: count }, (_, k) => blockOf(config, task, learner, first + k, models));
}

const isAnswerer = (by: string): by is keyof typeof answerers => Object.hasOwn(answerers, by);
const isPretender = (by: string): by is keyof typeof pretenders => Object.hasOwn(pretenders, by);

/** One model of those whose margins are looked at. */
async function modelOf(context: RatingsContext, trained: Mf, number: number): Promise<Pick<RatingsModel, "score">> {
  const { by } = ownOf(context.config);
  if (isAnswerer(by)) return answered(context, answerers[by], trained);
  if (isPretender(by)) return pretenders[by](trained, context, number);
  return trained;
}

/** Margins of many models on the rows of a request, left for the audit `margins`. */
const margins: RatingsMethod = {
  label: ({ by }) => labels[String(by)],
  options: () =>
    optionList("margins", {
      by: wordOption("Whose margins.", labels, "original"),
      models: wholeOption("How many models, each of another seed.", 100, 4),
    }),
  backbones: ["mf"],
  prerequisites(config, task) {
    const { by } = ownOf(config);
    const calibrations = isAnswerer(by) ? calibrationsFor(config, task as Task, answerers[by]) : [];
    return [...blocksOf(config, task as Task), ...calibrations];
  },
  async run(context) {
    const { by, models } = ownOf(context.config);
    const [watch, breather] = [new Stopwatch(), new Breather("taking margins")];
    const progress = new ProgressTask(`taking margins of ${labels[by]}`, models, "models");
    try {
      const blocks = await Promise.all((context.prerequisites("margin-trainings") as Prerequisite[]).map(readModels));
      const found: Pick<RatingsModel, "score">[] = [];
      for (const trained of blocks.flat().slice(0, models)) {
        await breather.breathe();
        found.push(await watch.timeAsync("answers", () => modelOf(context, trained, found.length + 1)));
        progress.update(found.length);
      }
      return {
        model: null,
        facts: {
          ...{ models: found.length, forgetRows: context.request.forgetRows.length },
          ...{ gradientRows: null, hessianVectorProducts: null, incidentRows: null, rowsTouched: null },
        },
        seconds: watch.seconds(),
        files: marginsIn(marginsOf(found, lookedAt(context))),
      };
    } finally {
      progress.finish();
    }
  },
};

/** Whose margins are compared. */
export const marginMethods = inModule<RatingsMethod>(__filename, { margins });
