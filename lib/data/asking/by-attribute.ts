import { didYouMean, InvalidArgumentError, NotFoundError } from "../../core";
import type { Interactions } from "../interactions";
import { type AskedRequest, requestWhere } from "./asked";
import type { ItemAttributes } from "./item-attributes";
import { denseIds, presence } from "./raw-ids";

/** Items of which something is said, of everybody or of some users. */
export interface AttributeChoice {
  /** What the attribute is called in records, such as `"genre"`. */
  readonly attribute: string;
  /** Its value, such as `"Horror"`. */
  readonly value: string;
  /** The dataset's own ids of the users who ask. Default: everybody. */
  readonly users?: readonly string[];
}

/**
 * The rows of items with a value of an attribute: a genre, a category, a sensitive topic.
 *
 * @param attributes what items are, by the dataset's own ids (`readItemAttributes`)
 * @throws InvalidArgumentError when no item of the dataset has any value: the ids are others
 * @throws NotFoundError for a value that no item has, with the nearest, or that no training row is of
 * @example
 * const genres = await readItemAttributes("movies.csv", { attribute: "genres", separator: "|" });
 * attributeRequest(train, genres, { attribute: "genre", value: "Horror", users: ["42"] });
 */
export function attributeRequest(
  train: Interactions,
  attributes: ItemAttributes,
  { attribute, value, users }: AttributeChoice,
): AskedRequest {
  const items = itemsWith(train, attributes, attribute, value);
  const whose = users && denseIds(train.users, users, presence(train.user, train.userCount));
  const asked = { attribute, value, ...(users === undefined ? {} : { users: [...users] }) };
  const text = `${attribute} ${value}${users === undefined ? "" : ` of ${users.length} users`}`;
  const matches = (row: number) => items.has(train.item[row]) && (whose === undefined || whose.has(train.user[row]));
  return requestWhere(train, matches, { kind: "attribute", text, asked }, "no training row is of such an item");
}

function itemsWith(train: Interactions, attributes: ItemAttributes, attribute: string, value: string): Set<number> {
  const items = new Set<number>();
  const values = new Set<string>();
  for (let item = 0; item < train.itemCount; item++) {
    const own = attributes.get(train.items.toRaw(item)) ?? [];
    for (const one of own) values.add(one);
    if (own.includes(value)) items.add(item);
  }
  if (values.size === 0)
    throw new InvalidArgumentError(`no item of the dataset has any ${attribute}`, {
      where: "attributeRequest",
      remedy: "the attributes go by other ids than the dataset's: read the column that has those",
    });
  if (items.size > 0) return items;
  throw new NotFoundError(`no item has the ${attribute} ${JSON.stringify(value)}`, {
    remedy: didYouMean(value, [...values].sort()),
  });
}
