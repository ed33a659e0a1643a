import { isModel, modelFacts, modelLabel } from "./models";
import { Overview } from "./overview";
import { type Fields, hasMethods, haveNames, isInstance, isNumberOrNull, plainFields } from "./recognise";
import { count, counted, factTable, figure, inWords, numberTable, secondsText } from "./words";

interface Rows {
  readonly parameter: string;
  readonly rows: Int32Array;
  readonly values: Float32Array;
}

function isRows(value: unknown): value is Rows {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["parameter", "rows", "values"])) return false;
  const { parameter, rows, values } = fields;
  return typeof parameter === "string" && rows instanceof Int32Array && values instanceof Float32Array;
}

/** What a method changes, in words; `undefined` for what is no update. */
function updateFacts(value: unknown): string | undefined {
  const fields = plainFields(value);
  if (fields === undefined) return undefined;
  if (haveNames(fields, ["kind", "model"]) && fields["kind"] === "model" && isModel(fields["model"]))
    return `a new ${modelLabel(fields["model"])} model: ${modelFacts(fields["model"])}`;
  const updates = rowsOf(fields);
  if (updates === undefined) return undefined;
  if (updates.every(({ rows }) => rows.length === 0))
    return "nothing changes, as where nothing was asked to be forgotten";
  return `new values for ${updates.map(({ parameter, rows }) => `${counted(rows.length, "row")} of ${parameter}`).join(", ")}`;
}

function rowsOf(fields: Fields): readonly Rows[] | undefined {
  const { kind, updates } = fields;
  if (!haveNames(fields, ["kind", "updates"]) || kind !== "rows" || !Array.isArray(updates)) return undefined;
  return updates.every(isRows) ? updates : undefined;
}

/** An update alone. */
export function updateOverview(value: unknown): Overview | undefined {
  const facts = updateFacts(value);
  if (facts === undefined) return undefined;
  const rows = (rowsOf(value as Fields) ?? []).map(({ parameter, rows: touched, values }) => ({
    ...{ parameter, rows: count(touched.length), values: count(values.length) },
    first: touched.length === 0 ? null : String(touched[0]),
    last: touched.length === 0 ? null : String(touched.at(-1)),
  }));
  return new Overview(`update: ${facts}`, rows.length === 0 ? null : numberTable(rows));
}

const costNames = ["seconds", "gradientRows", "hessianVectorProducts", "incidentRows", "rowsTouched"];

/** The answer of an unlearning method: what it changes, what it cost, and what the method says of it. */
export function answerOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["update", "cost", "diagnostics"])) return undefined;
  const [update, cost] = [updateFacts(fields["update"]), plainFields(fields["cost"])];
  const seconds = plainFields(cost?.["seconds"]);
  if (update === undefined || cost === undefined || seconds === undefined) return undefined;
  if (!haveNames(cost, costNames, ["parallelSeconds"])) return undefined;
  const { gradientRows, hessianVectorProducts, incidentRows, rowsTouched } = cost;
  const counts = [gradientRows, hessianVectorProducts, incidentRows, rowsTouched];
  if (!counts.every(isNumberOrNull)) return undefined;
  return new Overview(
    `answer in ${secondsText(sum(seconds))}: ${update}`,
    factTable([
      ["seconds", stages(seconds)],
      ["gradients of rows", inWords(gradientRows)],
      ["Hessian-vector products", inWords(hessianVectorProducts)],
      ["incident rows", inWords(incidentRows)],
      ["rows touched", inWords(rowsTouched)],
      ...Object.entries(plainFields(fields["diagnostics"]) ?? {}).map(([name, one]) => [name, inWords(one)] as const),
    ]),
  );
}

function sum(seconds: Fields): number {
  return Object.values(seconds).reduce((total: number, one) => total + Number(one), 0);
}

function stages(seconds: Fields): string {
  return Object.entries(seconds)
    .map(([stage, one]) => `${stage} ${secondsText(Number(one))}`)
    .join(", ");
}

/** What was paid once per trained model: indexes, axes, and lambda where there is one. */
export function preparedOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const optional = ["damping", "calibration", "seconds", "propagated"];
  if (fields === undefined || !haveNames(fields, ["index", "axes", "origin"], optional)) return undefined;
  const { index, origin, damping = null, propagated } = fields;
  const rows = plainFields(index)?.["userRows"];
  if (
    !isOrigin(origin) ||
    typeof fields["axes"] !== "object" ||
    !(rows instanceof Int32Array) ||
    !isNumberOrNull(damping)
  )
    return undefined;
  const calibration = plainFields(fields["calibration"]);
  const seconds = plainFields(fields["seconds"]);
  const how = calibration === undefined ? "as given" : `calibrated on ${count(Number(calibration["probeRows"]))} rows`;
  const lambda = damping === null ? "without a lambda" : `lambda ${figure(damping)}, ${how}`;
  const loss = plainFields(calibration?.["probeLoss"]);
  const ofModel = isModel(propagated) ? `, ${modelFacts(propagated)} after propagation` : "";
  return new Overview(
    `prepared for influence: ${counted(rows.length, "training row")}${ofModel}, ${lambda}`,
    factTable([
      ["loss on the probe", loss && Object.entries(loss).map(([model, one]) => `${model} ${inWords(one)}`).join(", ")], // prettier-ignore
      ["of the model", origin.modelHash === null ? "any" : `${origin.modelHash.slice(0, 12)}…`],
      ["of the rows", `${origin.trainHash.slice(0, 12)}…`],
      ["seconds", seconds && stages(seconds)],
    ]),
  );
}

function isOrigin(value: unknown): value is { readonly trainHash: string; readonly modelHash: string | null } {
  if (!isInstance(value) || !hasMethods(value, "require")) return false;
  const { trainHash, modelHash } = value as Fields;
  return typeof trainHash === "string" && (modelHash === null || typeof modelHash === "string");
}
