import { InvalidArgumentError, Random, requireNumber, requireOneOf } from "../core";
import type { Interactions } from "./interactions";
import { placesWhere } from "./places-where";

/** Which users a request is about. */
export type UserChoice = "random" | "most-active" | "least-active";

/**
 * Some users of a training set, for a request by `groupOfUsersRows`.
 *
 * @param count how many, at least 1
 * @param choice at random, or those with the most or the fewest rows (ties by id)
 * @param seed used by `"random"` alone. Default 1
 * @returns dense user ids; the most (least) active first
 * @throws InvalidArgumentError when there are not that many users with rows
 * @example
 * const [user] = chooseUsers(train, 1, "most-active"); // the one with most rows
 */
export function chooseUsers(train: Interactions, count: number, choice: UserChoice, seed = 1): Int32Array {
  requireNumber("count", count, { min: 1, integer: true });
  requireOneOf("choice", choice, ["random", "most-active", "least-active"]);
  const activity = new Int32Array(train.userCount);
  for (const user of train.user) activity[user]++;
  const active = placesWhere(train.userCount, (user) => activity[user] > 0);
  if (count > active.length)
    throw new InvalidArgumentError(`${count} users asked for of ${active.length} that have rows`, {
      where: "chooseUsers",
      remedy: "ask for fewer",
    });
  if (choice === "random")
    return Random.derive(seed, "users")
      .sample(active.length, count)
      .map((index) => active[index]);
  const sign = choice === "most-active" ? -1 : 1;
  return active.sort((a, b) => sign * (activity[a] - activity[b]) || a - b).slice(0, count);
}
