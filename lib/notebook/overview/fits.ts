import { isModel, modelFacts, modelLabel } from "./models";
import { Overview } from "./overview";
import { haveNames, isCount, plainFields } from "./recognise";
import { counted, figure, numberTable, optionsText, secondsText } from "./words";

/** What a training that ended says of itself. */
const fitNames = ["epochs", "bestEpoch", "bestValidation", "history", "seconds", "endedBy", "model", "options"];

function isEnd(value: unknown): value is "epochs" | "patience" | "seconds" {
  return value === "epochs" || value === "patience" || value === "seconds";
}

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation: number;
}

function isEpoch(value: unknown): value is Epoch {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["epoch", "loss", "validation"])) return false;
  return isCount(fields["epoch"]) && typeof fields["loss"] === "number" && typeof fields["validation"] === "number";
}

/** What `fitMf` and its like return: a trained model, and how its training went. */
export function fitOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const measures = ["validationAuc", "validationNdcg"];
  if (fields === undefined || !haveNames(fields, fitNames, measures) || !isModel(fields["model"])) return undefined;
  const { model, epochs, bestEpoch, history, seconds, endedBy, options } = fields;
  const measure = measures.find((name) => name in fields);
  if (!isCount(epochs) || !isCount(bestEpoch) || typeof seconds !== "number" || !isEnd(endedBy)) return undefined;
  if (measure === undefined || !Array.isArray(history) || !history.every(isEpoch)) return undefined;
  const score = `${measure === "validationAuc" ? "AUC" : "ndcg@10"} ${figure(Number(fields[measure]))} on validation`;
  const ended = endedBy === "patience" ? "until nothing improved" : `until the limit of ${endedBy}`;
  const trained = `${counted(epochs, "epoch")} (${ended}, ${secondsText(seconds)}), the best is ${bestEpoch}, ${score}`;
  return new Overview(
    `trained ${modelLabel(model)}: ${modelFacts(model)}; ${trained}`,
    numberTable(epochRows(history, bestEpoch), { note: optionsText(plainFields(options) ?? {}) }),
  );
}

/** The first epoch, the best and the last. */
function epochRows(history: readonly Epoch[], best: number) {
  const named = [
    ["first", history[0]],
    ["best", history.find(({ epoch }) => epoch === best)],
    ["last", history.at(-1)],
  ] as const;
  return named.flatMap(([which, record]) =>
    record === undefined
      ? []
      : [{ which, epoch: figure(record.epoch), loss: figure(record.loss), validation: figure(record.validation) }],
  );
}
