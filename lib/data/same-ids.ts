import { InvalidArgumentError } from "../core";
import type { IdMap } from "./id-map";
import type { Interactions } from "./interactions";
import type { Sessions } from "./sessions/sessions";

/**
 * Dense ids mean the same in two sets only if both number users and items alike, as the parts of one split do. Two
 * files that are read one by one number by their own first appearance.
 *
 * @param names what the two sets are, for the error, such as `["train", "test"]`
 * @throws InvalidArgumentError that names the first id whose number differs, or the set that has no map of its ids
 * @example
 * requireSameIds(train, test, ["train", "test"]); // before anything compares their dense ids
 */
export function requireSameIds(
  one: Interactions | Sessions,
  other: Interactions | Sessions,
  names: readonly [string, string],
): void {
  const ofSessions = "offsets" in one || "offsets" in other;
  for (const kind of ofSessions ? (["items"] as const) : (["users", "items"] as const)) {
    const [own, theirs] = [mapOf(one, kind, names[0]), mapOf(other, kind, names[1])];
    const dense = own.firstDifference(theirs);
    if (dense === null) continue;
    const called = (map: IdMap) => (dense < map.size ? `"${map.toRaw(dense)}"` : "nobody");
    throw new InvalidArgumentError(
      `${names[0]} and ${names[1]} number their ${own.kind}s differently: ${own.kind} ${dense} is ${called(own)} in ` +
        `${names[0]} and ${called(theirs)} in ${names[1]}`,
      {
        remedy:
          "users" in other
            ? `take both from one split, or give withIdsOf(${names[1]}, ${names[0]})`
            : "take both from one session dataset",
      },
    );
  }
}

/** Rows that somebody made by hand, in JavaScript, may lack what the type asks for. */
function mapOf(rows: Interactions | Sessions, kind: "users" | "items", name: string): IdMap {
  const map = (rows as Partial<Interactions>)[kind];
  if (map !== undefined) return map;
  throw new InvalidArgumentError(`${name} has no "${kind}", the map between their ids and numbers`, {
    where: name,
    remedy: "make rows by loadDataset, a split or selectRows, or give an IdMap of recsys-unlearning/data",
  });
}

/**
 * Holds validation rows to the ids of the training rows.
 *
 * @throws InvalidArgumentError when there are validation rows or sessions and they have other ids than `train`
 *
 * @example
 * requireValidationIds(train, valid);
 */
export function requireValidationIds<T extends Interactions | Sessions>(train: T, validation: T | null): void {
  if (validation !== null) requireSameIds(train, validation, ["train", "validation"]);
}
