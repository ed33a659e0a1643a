import type { Dataset, IfruSplit, Interactions, Split } from "../../data";
import type { TableRow } from "../../tables";
import { distinct, firstRows, isInteractions, labelFacts, sizeFacts, timeFacts } from "./interactions";
import { Overview } from "./overview";
import { type Fields, haveNames, isCount, plainFields } from "./recognise";
import { isSessions, sessionFacts } from "./sessions";
import { count, counted, factTable, numberTable, percent } from "./words";

/** Characters of a hash that are shown; enough to compare by eye. */
const shownHash = 12;

/** A dataset as it was loaded. */
export function datasetOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = [
    "name",
    "interactions",
    "dataHash",
    "source",
    "droppedRows",
    "leftOut",
    "repeatedRows",
    "layout",
  ].concat(["gaps", "licence", "citation"]);
  if (fields === undefined || !haveNames(fields, names) || !isInteractions(fields["interactions"])) return undefined;
  const { name, interactions, dataHash, source, droppedRows, repeatedRows, gaps, licence, citation } = value as Dataset;
  if (typeof dataHash !== "string" || !Array.isArray(gaps) || !isCount(repeatedRows)) return undefined;
  if (["droppedRows", "leftOut", "layout"].some((name) => plainFields(fields[name]) === undefined)) return undefined;
  const { user, userCount, itemCount } = interactions;
  const dropped = Object.entries(droppedRows).map(([reason, rows]) => `${count(rows)} (${reason})`);
  return new Overview(
    `dataset ${name}: ${sizeFacts(interactions)}`,
    factTable([
      ["labels", labelFacts(interactions.label)?.replace(/^labels /, "")],
      ["times", timeFacts(interactions.time)],
      ["density", percent(user.length, userCount * itemCount)],
      ["left out", dropped.length === 0 ? undefined : dropped.join(", ")],
      ["repeated pairs", repeatedRows > 0 ? counted(repeatedRows, "row") : undefined],
      ["source", source],
      ["sha256", `${dataHash.slice(0, shownHash)}…`],
      ["licence", licence ?? undefined],
      ["citation", citation ?? undefined],
      ...gaps.map((gap) => ["gap", gap] as const),
    ]),
  );
}

/** IFRU's split: its parts, and which rows are to be forgotten. */
export function ifruSplitOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["train", "trueLabel", "forgetRows", "retainRows", "valid", "test"];
  if (fields === undefined || !haveNames(fields, names) || !areParts(fields, ["train", "valid", "test"]))
    return undefined;
  const { trueLabel, forgetRows, retainRows } = fields;
  if (!(trueLabel instanceof Float32Array && forgetRows instanceof Int32Array && retainRows instanceof Int32Array))
    return undefined;
  const { train, valid, test } = value as IfruSplit;
  const flipped = forgetRows.reduce((sum, row) => sum + Number(train.label[row] !== trueLabel[row]), 0);
  const rows = [
    partRow("train", train),
    partRow("· to forget", train, forgetRows),
    partRow("· to retain", train, retainRows),
    partRow("valid", valid),
    partRow("test", test),
  ];
  const forgotten = `${count(forgetRows.length)} of ${count(train.user.length)} training rows to forget`;
  const labels = flipped === 0 ? "no label flipped" : `${count(flipped)} of them with a flipped label`;
  return new Overview(
    `IFRU split: ${forgotten} (${percent(forgetRows.length, train.user.length)}), ${labels}`,
    numberTable(rows),
  );
}

/** A split in three parts, of interactions. */
export function splitOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  const names = ["train", "valid", "test"];
  if (fields === undefined || !haveNames(fields, names) || !areParts(fields, names)) return undefined;
  const { train, valid, test } = value as Split;
  const rows = [partRow("train", train), partRow("valid", valid), partRow("test", test)];
  return new Overview(`split: ${sizeFacts(train)} to train on`, numberTable(rows));
}

function areParts(fields: Fields, names: readonly string[]): boolean {
  const parts = names.map((name) => fields[name]);
  return parts.every(isInteractions) && parts.every(({ users }) => users === (parts[0] as Interactions).users);
}

/** One part of a split. @param rows some of its rows; default: all */
function partRow(part: string, interactions: Interactions, rows?: Int32Array): TableRow {
  const { userCount, itemCount } = interactions;
  const column = (ids: Int32Array) => (rows === undefined ? ids : rows.map((row) => ids[row]));
  const label = rows === undefined ? interactions.label : Float32Array.from(rows, (row) => interactions.label[row]);
  const positives = label.reduce((sum, one) => sum + Number(one === 1), 0);
  return {
    part,
    rows: count(label.length),
    users: count(distinct(column(interactions.user), userCount)),
    items: count(distinct(column(interactions.item), itemCount)),
    "labels 1": percent(positives, label.length),
  };
}

/** A request to forget. */
export function requestOverview(value: unknown): Overview | undefined {
  const fields = plainFields(value);
  if (fields === undefined || !haveNames(fields, ["name", "train", "forgetRows"], ["samples"])) return undefined;
  const { name, train, forgetRows } = fields;
  if (typeof name !== "string" || !(forgetRows instanceof Int32Array)) return undefined;
  const asked = `request to forget "${name}"`;
  if (isSessions(train))
    return new Overview(`${asked}: ${counted(forgetRows.length, "event")} of ${sessionFacts(train)}`);
  if (!isInteractions(train)) return undefined;
  const known = forgetRows.filter((row) => row >= 0 && row < train.user.length);
  const pick = (ids: Int32Array) => known.map((row) => ids[row]);
  const columns = {
    user: pick(train.user),
    item: pick(train.item),
    label: Float32Array.from(known, (row) => train.label[row]),
  };
  const line = `${asked}: ${count(forgetRows.length)} of ${counted(train.user.length, "training row")}`;
  const { time: _time, ...rest } = train;
  return new Overview(`${line} (${percent(forgetRows.length, train.user.length)})`, firstRows({ ...rest, ...columns }));
}
