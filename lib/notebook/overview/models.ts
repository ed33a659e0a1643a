import type { Parameter, Recommender } from "../../models";
import { Overview } from "./overview";
import { type Fields, hasMethods, isCount, isInstance, plainFields } from "./recognise";
import { count, counted, figure, numberTable, optionsText } from "./words";

/** How the field writes the kinds of models. */
const labels: Readonly<Record<string, string>> = {
  mf: "MF",
  lightgcn: "LightGCN",
  "neural-mf": "neural MF",
  gru4rec: "GRU4Rec",
  sasrec: "SASRec",
  bert4rec: "BERT4Rec",
  ensemble: "ensemble",
  "session ensemble": "session ensemble",
};

/** Parameters that the table of an ensemble or a deep network lists. */
const shownParameters = 12;

type Model = Pick<Recommender, "kind" | "parameters">;

/** Whether a value is one of our models: of a kind that there is, with its way to score and its parameters. */
export function isModel(value: unknown): value is Model {
  if (!isInstance(value)) return false;
  const kind: unknown = (value as Fields & { kind?: unknown }).kind;
  if (typeof kind !== "string" || !Object.hasOwn(labels, kind)) return false;
  if (!hasMethods(value, "parameters", "save") || !(hasMethods(value, "score") || hasMethods(value, "scores")))
    return false;
  const parameters: unknown = (value as Model).parameters();
  return Array.isArray(parameters) && parameters.length > 0 && parameters.every(isParameter);
}

function isParameter(value: unknown): value is Parameter {
  const fields = plainFields(value);
  if (fields === undefined || typeof fields["name"] !== "string" || !Array.isArray(fields["shape"])) return false;
  const length = fields["shape"].reduce((product: number, side) => product * Number(side), 1);
  return fields["values"] instanceof Float32Array && fields["values"].length === length;
}

/** The kind as the field writes it. */
export function modelLabel({ kind }: Model): string {
  return labels[kind];
}

/** Sizes of a model, such as `943 users, 1,682 items, embedding size 32`. */
export function modelFacts(model: Model): string {
  const { userCount, itemCount, embeddingSize, layerCount, hiddenSize, members } = model as unknown as Fields;
  const parameters = model.parameters().reduce((sum, { values }) => sum + values.length, 0);
  return [
    ...(Array.isArray(members) ? [counted(members.length, "member")] : []),
    ...(isCount(userCount) ? [counted(userCount, "user")] : []),
    ...(isCount(itemCount) ? [counted(itemCount, "item")] : []),
    ...(isCount(embeddingSize) ? [`embedding size ${embeddingSize}`] : []),
    ...(isCount(hiddenSize) ? [`hidden size ${hiddenSize}`] : []),
    ...(isCount(layerCount) ? [counted(layerCount, "layer")] : []),
    ...networkFacts(model),
    counted(parameters, "parameter"),
  ].join(", ");
}

/** The options of a network for sessions. */
function networkFacts(model: Model): string[] {
  const form = plainFields((model as unknown as Fields)["form"]);
  const options = plainFields(form?.["options"]);
  return options === undefined ? [] : [optionsText(options)];
}

/** A model. */
export function modelOverview(value: unknown): Overview | undefined {
  if (!isModel(value)) return undefined;
  const parameters = value.parameters();
  const rows = parameters.slice(0, shownParameters).map(({ name, shape, values }) => ({
    parameter: name,
    shape: shape.map(count).join(" × "),
    mean: figure(mean(values, (one) => one)),
    "root mean square": figure(Math.sqrt(mean(values, (one) => one * one))),
  }));
  const more = parameters.length - rows.length;
  const note = `… ${counted(more, "more parameter")}`;
  return new Overview(`${modelLabel(value)} model: ${modelFacts(value)}`, numberTable(rows, more > 0 ? { note } : {}));
}

function mean(values: Float32Array, of: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return values.length === 0 ? 0 : sum / values.length;
}
