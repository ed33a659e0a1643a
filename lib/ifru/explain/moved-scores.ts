import { rankOf } from "../../metrics";
import type { Mf } from "../../models";

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

/** Scores before and after. */
export class MovedScores {
  constructor(
    private readonly before: Mf,
    private readonly after: Mf,
  ) {}

  /** The scores of a user and of an item that move most, and how far that of the two moves. */
  of(user: number, item: number, top: number) {
    const [users, items] = [ids(this.before.userCount), ids(this.before.itemCount)];
    return {
      ...{ user, item },
      change: this.most(Int32Array.of(user), Int32Array.of(item), 1)[0].change,
      forUser: this.most(new Int32Array(items.length).fill(user), items, top),
      forItem: this.most(users, new Int32Array(users.length).fill(item), top),
    };
  }

  /** Of some pairs, those whose score moves most; ties go to the first. */
  private most(users: Int32Array, items: Int32Array, top: number): MovedScore[] {
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
