import { Breather, optionList, ProgressTask, Stopwatch, wholeOption, wordOption } from "../../../core";
import { inModule, type Prerequisite, type RunConfig, type Task } from "../../../experiments";
import type { Mf } from "../../../models";
import type { RatingsContext, RatingsMethod, RatingsModel } from "../types";
import { answered, answerers, answersOn, calibrationsFor } from "./answers";
import { type KeptModel, marginsIn, readModels } from "./files";
import { lookedAt, marginsOf } from "./looked-at";
import { filters, pretenderLabels, pretenders } from "./pretenders";
import { blockOf, blocksFor, type Learner } from "./trainings";

const references = { original: "Original", retrain: "Retrain", "retrain-again": "Retrain, other seeds" };

/** Whose margins may be looked at, as tables write it. */
const labels: Readonly<Record<string, string>> = {
  ...references,
  ...Object.fromEntries(Object.entries(answerers).map(([name, { label }]) => [name, label])),
  ...pretenderLabels,
};

/** Whose margins may be looked at on a backbone. */
function labelsOn(backbone: string): Readonly<Record<string, string>> {
  const isThere = (by: string) =>
    isAnswerer(by)
      ? answersOn(backbone, answerers[by])
      : backbone === "mf" || !isPretender(by) || Object.hasOwn(filters, by);
  return Object.fromEntries(Object.entries(labels).filter(([by]) => isThere(by)));
}

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

/** What models learnt from that a kind of models rests on: those it starts from, and those a pretender knows. */
function learnersOf(by: string): Learner[] {
  if (by.startsWith("retrain")) return ["retrain"];
  return isPretender(by) ? ["original", "retrain"] : ["original"];
}

function blocksOf(config: RunConfig, task: Task): RunConfig[] {
  const { by, models } = ownOf(config);
  const count = blocksFor(models);
  const first = by === "retrain-again" ? count + 1 : 1;
  return learnersOf(by).flatMap((learner) =>
    Array.from({ length: count }, (_, k) => blockOf(config, task, learner, first + k, models)),
  );
}

const isAnswerer = (by: string): by is keyof typeof answerers => Object.hasOwn(answerers, by);
const isPretender = (by: string): by is keyof typeof pretenders => Object.hasOwn(pretenders, by);

/** One model of those whose margins are looked at. */
async function modelOf(context: RatingsContext, known: KnownModels, k: number): Promise<Pick<RatingsModel, "score">> {
  const { by } = ownOf(context.config);
  if (by.startsWith("retrain")) return known.retrain[k];
  const original = known.original[k];
  if (isAnswerer(by)) return answered(context, answerers[by], original);
  // those beside filters are MF's alone, as `labelsOn` has it
  return isPretender(by) ? pretenders[by](original as Mf, context, k + 1, known.retrain[k] as Mf) : original;
}

type KnownModels = Readonly<Record<Learner, readonly KeptModel[]>>;

/** The models that a run rests on, by what they learnt from. */
async function knownModels(blocks: readonly Prerequisite[]): Promise<KnownModels> {
  const of = async (learner: Learner) => {
    const own = blocks.filter(({ config }) => config.options.method["of"] === learner);
    return (await Promise.all(own.map(readModels))).flat();
  };
  return { original: await of("original"), retrain: await of("retrain") };
}

/** Margins of many models on the rows of a request, left for the audit `margins`. */
const margins: RatingsMethod = {
  label: ({ by }) => labels[String(by)],
  options: (backbone) =>
    optionList("margins", {
      by: wordOption("Whose margins.", labelsOn(backbone), "original"),
      models: wholeOption("How many models, each of another seed.", 100, 8),
    }),
  backbones: ["mf", "lightgcn"],
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
      const known = await knownModels(context.prerequisites("margin-trainings"));
      const found: Pick<RatingsModel, "score">[] = [];
      for (let k = 0; k < models; k++) {
        await breather.breathe();
        found.push(await watch.timeAsync("answers", () => modelOf(context, known, k)));
        progress.update(k + 1);
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
