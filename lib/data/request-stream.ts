import { InvalidArgumentError, optionList, type OptionsOf, Random, seedOption, wholeOption, wordOption } from "../core";
import { groupRows } from "./interaction-index";
import { type Interactions, rowCount } from "./interactions";

/** The options of `requestStream`. */
export const requestStreamOptions = optionList("requestStream", {
  of: wordOption("What each request is about.", ["interactions", "users", "items"], "users"),
  requests: wholeOption("How many requests arrive.", 10, 1),
  size: wholeOption("How many interactions, users or items each asks to forget.", 1, 1),
  seed: seedOption("Draws what is asked for.", 1),
});

/** Options of `requestStream`; defaults and ranges are in `requestStreamOptions`. */
export interface RequestStreamOptions extends OptionsOf<typeof requestStreamOptions.fields> {}

/**
 * Requests that arrive one after another. None asks for a row that an earlier one asked for; the same seed gives the
 * same stream, and a longer stream begins with the shorter one.
 *
 * @returns for each request its row numbers of `train`, ascending
 * @throws InvalidArgumentError when there is not enough to forget
 * @example
 * for (const forgetRows of requestStream(train)) console.log(forgetRows.length); // one request after another
 */
export function requestStream(train: Interactions, options?: Partial<RequestStreamOptions>): Int32Array[] {
  const { of, requests, size, seed } = requestStreamOptions.resolve(options);
  const groups =
    of === "users"
      ? groupRows(train.user, train.userCount)
      : of === "items"
        ? groupRows(train.item, train.itemCount)
        : groupRows(Int32Array.from(train.user.keys()), rowCount(train));
  const ids = Int32Array.from({ length: groups.pointers.length - 1 }, (_, id) => id);
  const candidates = ids.filter((id) => groups.pointers[id] < groups.pointers[id + 1]);
  if (requests * size > candidates.length)
    throw new InvalidArgumentError(
      `${requests} requests of ${size} ${of} need more than the ${candidates.length} there are`,
      {
        where: "requestStream",
        remedy: "ask for fewer or smaller requests",
      },
    );
  Random.derive(seed, "stream", of).shuffle(candidates);
  return Array.from({ length: requests }, (_, request) => {
    const asked = candidates.subarray(request * size, (request + 1) * size);
    const rows = Array.from(asked, (id) => [...groups.rows.subarray(groups.pointers[id], groups.pointers[id + 1])]);
    return Int32Array.from(rows.flat()).sort();
  });
}
