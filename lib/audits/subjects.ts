import { InvalidArgumentError } from "../core";
import type { Recommender, SessionRecommender } from "../models";
import { applyUpdate, type ModelUpdate, type UnlearningCost } from "../training";
import type { CostOfAnswer } from "./sentences";

/** A model that a verdict looks at. */
export type JudgedModel = Recommender | SessionRecommender;

/** A model, or how it came about: what `fitMf` and the like return, or `{ model, seconds }`. */
export type Trained = JudgedModel | { readonly model: JudgedModel; readonly seconds?: number };

/** What a method returned, or the model after it. */
export type Answer =
  | Trained
  | {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- models of all kinds
      readonly update: ModelUpdate<any>;
      readonly cost: UnlearningCost;
    };

/** The model of a training. */
export function modelOf(trained: Trained): JudgedModel {
  return "model" in trained ? trained.model : trained;
}

/** The model after an answer. */
export function answeredModel(original: JudgedModel, answer: Answer): JudgedModel {
  if (!("update" in answer)) return modelOf(answer);
  return applyUpdate(original as never, answer.update) as JudgedModel;
}

/** What an answer cost, beside a retraining. */
export function costOf(answer: Answer, retrain: readonly Trained[], preparationSeconds: number | null): CostOfAnswer {
  const sum = (seconds: Readonly<Record<string, number>>) => Object.values(seconds).reduce((all, one) => all + one, 0);
  const cost = "cost" in answer ? answer.cost : null;
  const told = retrain.flatMap((one) => ("model" in one && one.seconds !== undefined ? [one.seconds] : []));
  return {
    seconds: cost === null ? ("model" in answer ? (answer.seconds ?? null) : null) : sum(cost.seconds),
    secondsByStage: cost?.seconds ?? {},
    retrainSeconds: told.length === 0 ? null : told.reduce((all, one) => all + one, 0) / told.length,
    preparationSeconds,
    gradientRows: cost?.gradientRows ?? null,
    hessianVectorProducts: cost?.hessianVectorProducts ?? null,
    rowsTouched: cost?.rowsTouched ?? null,
  };
}

/** Like is compared with like. @throws InvalidArgumentError for models of different kinds, or other numbers of items */
export function requireSameKind(models: readonly (readonly [string, JudgedModel])[]): void {
  const [[firstName, first], ...others] = models;
  for (const [name, model] of others)
    if (formOf(model) !== formOf(first))
      throw new InvalidArgumentError(`${name} is ${formOf(model)}, and ${firstName} ${formOf(first)}`, {
        where: "verdict",
        remedy:
          "compare models of one kind and size: beside an ensemble, the ensemble before (what prepare returned), and " +
          "the ensemble trained anew on the rows that stay",
      });
}

function formOf(model: JudgedModel): string {
  const { userCount, itemCount, members } = model as {
    userCount?: number;
    itemCount?: number;
    members?: readonly JudgedModel[];
  };
  if (members !== undefined) return `an ensemble of ${formOf(members[0])}`;
  const users = userCount === undefined ? "" : `${userCount} users and `;
  return `${model.kind} of ${users}${itemCount} items`;
}
