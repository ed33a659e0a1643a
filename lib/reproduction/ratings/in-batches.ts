import { optionList, wholeOption } from "../../core";
import { joinedRows } from "../../data";
import type { RatingsMethod, RatingsRequest } from "./types";

const batch = wholeOption("How many users are answered at once, each batch from the state the last one left.", 1, 1);

/**
 * A method that answers users who ask together batch by batch, in the order of their ids. With as many in a batch as
 * ask, it is the method itself. Retrain is the same for every batch.
 */
export function inBatches(method: RatingsMethod): RatingsMethod {
  return {
    ...method,
    code: [__filename, ...[method.code ?? []].flat()],
    options(backbone) {
      const { where, fields } = method.options(backbone);
      return optionList(`${where}, in batches`, { ...fields, batch });
    },
    run(context) {
      const { config, request } = context;
      const { batch: size, ...own } = config.options.method;
      const parts = batchesOf(request, Number(size));
      const asItself = { ...config, options: { ...config.options, method: own } };
      return method.run({ ...context, config: asItself, request: { ...request, parts } });
    },
  };
}

/** The rows that are asked for, by batches of users. */
function batchesOf({ train, parts }: RatingsRequest, size: number): Int32Array[] {
  const asked = joinedRows(parts);
  const users = [...new Set(asked.map((row) => train.user[row]))].sort((a, b) => a - b);
  const batchOf = new Map(users.map((user, place) => [user, Math.floor(place / size)]));
  const batches = Array.from({ length: Math.ceil(users.length / size) }, (): number[] => []);
  for (const row of asked) batches[batchOf.get(train.user[row])!].push(row);
  return batches.map((rows) => Int32Array.from(rows));
}
