import { optionList, type OptionsOf, wholeOption } from "../../core";
import type { Interactions } from "../../data";
import { rankOf } from "../../metrics";
import { type Mf, type RowUpdate, withRows } from "../../models";
import type { IfruPrepared } from "../prepare";
import { preparedDamping, requireRow, ridgeOf } from "./explanation";
import { NodeBlock, type Side, sidesOf } from "./node-block";
import { requireMf } from "./require-mf";

/** The options of `effectOf`. */
export const effectOptions = optionList("effectOf", {
  top: wholeOption("The most scores that are listed, of the row's user and of its item.", 10, 0),
  damping: preparedDamping,
});

/** Options of `effectOf`; defaults and ranges are in `effectOptions`. */
export interface EffectOptions extends OptionsOf<typeof effectOptions.fields> {}

/** A score that a training row moves. */
export interface MovedScore {
  readonly user: number;
  readonly item: number;
  /** The logit now. */
  readonly score: number;
  /** The score without the row, less the score now: negative where the row lifts it. */
  readonly change: number;
  /** The item's rank among all items for this user, from 1, now and without the row; ties go to the lower id. */
  readonly rank: number;
  readonly rankWithout: number;
}

/** What a training row did. */
export interface RowEffect {
  readonly row: number;
  readonly user: number;
  readonly item: number;
  readonly label: number;
  /** Its own score's change without it. */
  readonly change: number;
  /** The items whose score for the row's user it moves most, strongest first. */
  readonly forUser: readonly MovedScore[];
  /** The users for whom the row's item moves most, strongest first. */
  readonly forItem: readonly MovedScore[];
  readonly damping: number;
}

/**
 * What did this rating do? The reverse of `explain`: forgetting one row moves the vectors of its user and its item, as
 * `ifru.unlearn` would, and with them all scores of either. Nobody else's scores of other items change. For matrix
 * factorisation only: in a LightGCN a row moves the scores of its neighbours as well.
 *
 * @param prepared what `ifru.prepare` returned for the model, in principled mode
 * @param of the training rows, and the number of one of them
 * @throws NotFoundError for a row that is not there
 * @throws InvalidArgumentError for what was prepared of another model or other rows, or a model of another kind
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @example
 * const effect = effectOf(model, prepared, { train, row: 12 });
 * effect.forUser[0].rankWithout; // where the item it moves most would stand without the rating
 */
export function effectOf(
  model: Mf,
  prepared: IfruPrepared,
  { train, row }: { readonly train: Interactions; readonly row: number },
  options?: Partial<EffectOptions>,
): RowEffect {
  const { top, damping: asked } = effectOptions.resolve(options);
  requireMf("effectOf", model, "for a LightGCN, explain() tells what each row does to one score");
  prepared.origin.require("effectOf", train, model);
  requireRow("effectOf", row, train);
  const { damping, ridge } = ridgeOf(asked, prepared, train);
  const [user, item] = [train.user[row], train.item[row]];
  const after = withoutRow(model, prepared, train, row, ridge);
  const moved = new MovedScores(model, after);
  const [users, items] = [ids(model.userCount), ids(model.itemCount)];
  return {
    ...{ row, user, item, label: train.label[row], damping },
    change: moved.most(Int32Array.of(user), Int32Array.of(item), 1)[0].change,
    forUser: moved.most(new Int32Array(items.length).fill(user), items, top),
    forItem: moved.most(users, new Int32Array(users.length).fill(item), top),
  };
}

/** The model as IFRU leaves it after forgetting one row. */
function withoutRow(model: Mf, { index }: IfruPrepared, train: Interactions, row: number, ridge: number): Mf {
  const sides = sidesOf(model, train, index);
  const updateOf = (parameter: string, side: Side, id: number): RowUpdate => {
    const block = new NodeBlock(side, id, ridge);
    const change = block.changeWithout(block.rowAt(row));
    return { parameter, rows: Int32Array.of(id), values: block.embedding.map((value, j) => value + change[j]) };
  };
  return withRows(model, [
    updateOf("userEmbedding", sides.user, train.user[row]),
    updateOf("itemEmbedding", sides.item, train.item[row]),
  ]);
}

/** Scores before and after. */
class MovedScores {
  constructor(
    private readonly before: Mf,
    private readonly after: Mf,
  ) {}

  /** Of some pairs, those whose score moves most; ties go to the first. */
  most(users: Int32Array, items: Int32Array, top: number): MovedScore[] {
    const [now, later] = [this.before, this.after].map((model) => model.score(users, items));
    const places = Array.from(now.keys());
    places.sort((a, b) => Math.abs(later[b] - now[b]) - Math.abs(later[a] - now[a]) || a - b);
    return places.slice(0, top).map((k) => ({
      ...{ user: users[k], item: items[k], score: now[k], change: later[k] - now[k] },
      rank: rankFor(this.before, users[k], items[k]),
      rankWithout: rankFor(this.after, users[k], items[k]),
    }));
  }
}

/** The rank of an item among all items for a user. */
function rankFor(model: Mf, user: number, item: number): number {
  return rankOf(model.score(new Int32Array(model.itemCount).fill(user), ids(model.itemCount)), item);
}

function ids(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, id) => id);
}
