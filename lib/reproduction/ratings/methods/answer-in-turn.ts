import { Stopwatch } from "../../../core";
import { type Interactions, retainedRows, selectRows } from "../../../data";
import type { ReplaceableParameters } from "../../../models";
import {
  applyUpdate,
  type Facts,
  type UnlearningCost,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../../training";
import { countsOf, secondsOf } from "../../cost-facts";
import type { RatingsModel, RatingsOutcome, RatingsRequest } from "../types";

/** How requests are answered. */
interface Answering<M, P, D> {
  /** What is paid once for a model and its training rows. */
  prepare(model: M, train: Interactions): Promise<P>;
  unlearn(model: M, request: UnlearningRequest, prepared: P): Promise<UnlearningResult<M, D>>;
  /** What is worth keeping of the last answer's diagnostics. */
  facts(diagnostics: D): Facts;
}

/**
 * Answers a request: at once, or the requests of a stream one after another, each from the model that the last left and
 * on the rows that are still there.
 */
export async function answerInTurn<M extends ReplaceableParameters<M> & RatingsModel, P, D>(
  start: M,
  request: RatingsRequest,
  method: Answering<M, P, D>,
): Promise<RatingsOutcome> {
  let model = start;
  let left = retainedRows(request.train, request.forgottenBefore);
  let facts: Facts = {};
  const costs: UnlearningCost[] = [];
  const [first, later] = [new Stopwatch(), new Stopwatch()];
  for (const [number, asked] of request.parts.entries()) {
    const train = left.length === request.train.user.length ? request.train : selectRows(request.train, left);
    const part = { name: request.name, train, forgetRows: placesIn(left, asked) };
    const current = model;
    const prepared = await (number === 0 ? first : later).timeAsync("indexing", () => method.prepare(current, train));
    // a small request is measured warm, or it is the compiler that is measured
    if (number === 0 && request.name !== "split") await method.unlearn(current, part, prepared);
    const { update, cost, diagnostics } = await method.unlearn(current, part, prepared);
    model = applyUpdate(current, update);
    costs.push(cost);
    facts = method.facts(diagnostics);
    left = Int32Array.from(retainedRows(train, part.forgetRows), (row) => left[row]);
  }
  return {
    model,
    facts: { forgetRows: request.forgetRows.length, ...countsOf(costs), ...facts },
    seconds: { ...secondsOf(costs), ...later.seconds() },
    preparation: first.seconds(),
  };
}

/** Where some rows stand in a list that holds them; both ascending. */
function placesIn(list: Int32Array, rows: Int32Array): Int32Array {
  let place = 0;
  return rows.map((row) => {
    while (list[place] < row) place++;
    return place;
  });
}
