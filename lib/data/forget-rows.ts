import { InvalidArgumentError } from "../core";
import { type Interactions, rowCount } from "./interactions";
import type { Sessions } from "./sessions/sessions";

/**
 * What every unlearning method calls first: the rows of a request as a set of rows that are there.
 *
 * @param train interactions, or sessions whose events are named by `Sessions.row`
 * @param rows row numbers, in any order
 * @param where the method, for the error
 * @returns ascending, each row once; `rows` itself where it is so already
 * @throws InvalidArgumentError that names the first row which `train` does not hold, or when no row would stay
 * @example
 * requireForgetRows(train, Int32Array.of(7, 3, 7), "ifru"); // 3, 7
 */
export function requireForgetRows(train: Interactions | Sessions, rows: Int32Array, where: string): Int32Array {
  const asked = rowsThatAreThere(train, rows, where);
  const held = "offsets" in train ? train.row.length : rowCount(train);
  if (held > 0 && asked.length === held)
    throw new InvalidArgumentError("the request forgets all training rows: nothing is left to learn from", {
      where,
      remedy: "leave rows in, or discard the model",
    });
  return asked;
}

function rowsThatAreThere(train: Interactions | Sessions, rows: Int32Array, where: string): Int32Array {
  const isThere = "offsets" in train ? eventsOf(train) : rowsOf(train);
  const missing = rows.find((row) => !isThere(row));
  if (missing !== undefined)
    throw new InvalidArgumentError(`row ${missing} of "forgetRows" is not in the training set`, {
      where,
      remedy: "take row numbers of the same training set, such as those of userRows or sessionUserRows",
    });
  const ascending = rows.every((row, k) => k === 0 || rows[k - 1] < row);
  return ascending ? rows : Int32Array.from(new Set(rows)).sort();
}

/**
 * The rows that are not among those given: what stays after forgetting.
 *
 * @param forgetRows row numbers, in any order
 * @returns row numbers, ascending
 * @throws InvalidArgumentError that names the first row which is not there
 * @example
 * const retained = selectRows(train, retainedRows(train, forgetRows)); // what Retrain is trained on
 */
export function retainedRows(interactions: Interactions, forgetRows: Int32Array): Int32Array {
  const forgotten = new Uint8Array(rowCount(interactions));
  for (const row of rowsThatAreThere(interactions, forgetRows, "retainedRows")) forgotten[row] = 1;
  const retained = new Int32Array(forgotten.reduce((count, taken) => count - taken, forgotten.length));
  for (let row = 0, next = 0; row < forgotten.length; row++) if (forgotten[row] === 0) retained[next++] = row;
  return retained;
}

function rowsOf(train: Interactions): (row: number) => boolean {
  const count = rowCount(train);
  return (row) => Number.isInteger(row) && row >= 0 && row < count;
}

function eventsOf({ row }: Sessions): (row: number) => boolean {
  const events = new Set(row);
  return (asked) => events.has(asked);
}
