import {
  Breather,
  flagOption,
  givenOption,
  InvalidArgumentError,
  listed,
  NotFoundError,
  optionList,
  type OptionsOf,
  ProgressTask,
  wholeOption,
} from "../core";
import type { Histories } from "../data";
import { topItems } from "../metrics";
import { type Recommender, scoreBlocks, SessionModel } from "../models";
import { type KeptModel, scoredOften } from "./model-kinds";
import type { ModelWithIds } from "./model-with-ids";
import { type Recommendation, Recommendations } from "./recommendation-lists";

/** The options of `recommend`. */
export const recommendOptions = optionList("recommend", {
  users: givenOption<readonly string[] | null>(
    "For whom, by the dataset's own ids. By default everybody of whom there is a training row.",
    null,
  ),
  histories: givenOption<readonly (readonly string[])[] | null>(
    "Session models only, in place of `users`: items in order, by the dataset's own ids, whose next is asked for.",
    null,
  ),
  k: wholeOption("How many for each.", 10, 1),
  excludeSeen: flagOption("Whether what the user (or the history) has already is left out.", true),
  candidates: givenOption<readonly string[] | null>(
    "The items to choose from, by the dataset's own ids. By default all of which there is a training row.",
    null,
  ),
});

/** Options of `recommend`; defaults and ranges are in `recommendOptions`. */
export interface RecommendOptions extends OptionsOf<typeof recommendOptions.fields> {}

/** Whom a list is for, and what is scored for them. */
interface Asker {
  readonly name: string;
  /** Dense id; -1 for a history given as such. */
  readonly user: number;
  readonly history: Int32Array;
  readonly seen: Int32Array;
}

/**
 * The first k items for each user, by the dataset's own ids and titles. Ties go to the item that the dataset has first.
 *
 * @param kept a model with its ids: of `withIds`, or from a file by `loadWithIds`
 * @throws NotFoundError that lists every user or item asked for which is not there
 * @throws InvalidArgumentError for a model without ids, or histories with a model of ratings
 * @throws CancelledError when it is interrupted
 * @example
 * const kept = await loadWithIds("model.safetensors");
 * const lists = await recommend(kept, { users: ["42"], k: 5, candidates: ["50", "181", "258"] });
 * await writeFileAtomic("lists.csv", lists.toCsv());
 */
export async function recommend(kept: ModelWithIds, options?: Partial<RecommendOptions>): Promise<Recommendations> {
  const { users, histories, k, excludeSeen, candidates } = recommendOptions.resolve(options);
  requireIds(kept);
  const items = new Map(kept.items.map((raw, item) => [raw, item]));
  const askers = histories === null ? usersAsking(kept, users) : historiesAsking(kept.model, histories, items);
  const mayBe = allowed(kept, candidates, items);
  const rows: Recommendation[] = [];
  const shorter: string[] = [];
  const progress = new ProgressTask("recommending", askers.length, "lists");
  let done = 0;
  try {
    for await (const { asker, scores } of scoresOf(kept.model, askers)) {
      for (let item = 0; item < scores.length; item++) if (mayBe[item] === 0) scores[item] = Number.NEGATIVE_INFINITY;
      if (excludeSeen) for (const item of asker.seen) scores[item] = Number.NEGATIVE_INFINITY;
      const best = topItems(scores, k);
      if (best.length < k) shorter.push(asker.name);
      best.forEach((item, place) => {
        const raw = kept.items[item];
        const title = kept.titles.get(raw) ?? null;
        rows.push({ user: asker.name, rank: place + 1, item: raw, title, score: scores[item] });
      });
      progress.update(++done);
    }
  } finally {
    progress.finish();
  }
  return new Recommendations(rows, shorter);
}

/** A cell's types say so too; a script without types would meet an error inside. */
function requireIds(kept: Partial<ModelWithIds>): void {
  if (Array.isArray(kept.items)) return;
  throw new InvalidArgumentError("the model has no ids", {
    where: "recommend",
    remedy: "give it those of its training rows: recommend(withIds(model, train), …)",
  });
}

function usersAsking({ users, seen }: ModelWithIds, asked: readonly string[] | null): Asker[] {
  const { pointers, items, lastStart } = seen;
  const dense = new Map(users.flatMap((raw, user) => (raw === null ? [] : [[raw, user] as const])));
  const chosen = asked ?? [...dense].flatMap(([raw, user]) => (pointers[user] < pointers[user + 1] ? [raw] : []));
  requireKnown("users", chosen, dense);
  return [...new Set(chosen)].map((name) => {
    const user = dense.get(name) as number;
    const history = items.subarray(lastStart[user], pointers[user + 1]);
    return { name, user, history, seen: items.subarray(pointers[user], pointers[user + 1]) };
  });
}

function historiesAsking(
  model: KeptModel,
  histories: readonly (readonly string[])[],
  items: ReadonlyMap<string, number>,
): Asker[] {
  if (!(model instanceof SessionModel))
    throw new InvalidArgumentError("a model of ratings knows no histories", {
      where: "recommend",
      remedy: "pass { users }, or a session model",
    });
  requireKnown("items", histories.flat(), items);
  return histories.map((raw, number) => {
    const history = Int32Array.from(raw, (id) => items.get(id) as number);
    return { name: `history ${number}`, user: -1, history, seen: history };
  });
}

/** One byte an item, 1 where it may be recommended. */
function allowed(
  { items, seen }: ModelWithIds,
  candidates: readonly string[] | null,
  dense: ReadonlyMap<string, number>,
): Uint8Array {
  const mayBe = new Uint8Array(items.length);
  if (candidates === null) for (const item of seen.items) mayBe[item] = 1;
  else {
    requireKnown("items", candidates, dense);
    for (const raw of candidates) mayBe[dense.get(raw) as number] = 1;
  }
  return mayBe;
}

function requireKnown(kind: "users" | "items", asked: readonly string[], known: ReadonlyMap<string, unknown>): void {
  const unknown = [...new Set(asked.filter((raw) => !known.has(raw)))];
  if (unknown.length === 0) return;
  const [example] = known.keys();
  throw new NotFoundError(`the model knows no ${kind} ${listed(unknown)}`, {
    where: "recommend",
    remedy: `ids are those of the dataset's own file, such as ${JSON.stringify(example ?? "none")}`,
  });
}

/** Scores of every item for each asker in turn, valid until the next. */
async function* scoresOf(
  model: KeptModel,
  askers: readonly Asker[],
): AsyncGenerator<{ readonly asker: Asker; readonly scores: Float32Array }> {
  const breather = new Breather("recommending");
  if (model instanceof SessionModel) {
    for await (const { first, count, scores } of scoreBlocks(model, historiesOf(askers)))
      for (let row = 0; row < count; row++)
        yield {
          asker: askers[first + row],
          scores: scores.subarray(row * model.itemCount, (row + 1) * model.itemCount),
        };
    return;
  }
  const scorer: Recommender = scoredOften(model);
  const [{ itemCount }] = "members" in model ? model.members : [model];
  const everyItem = Int32Array.from({ length: itemCount }, (_, item) => item);
  for (const asker of askers) {
    await breather.breathe();
    yield { asker, scores: scorer.score(new Int32Array(itemCount).fill(asker.user), everyItem) };
  }
}

function historiesOf(askers: readonly Asker[]): Histories {
  const start = new Int32Array(askers.length);
  const end = new Int32Array(askers.length);
  let at = 0;
  askers.forEach(({ history }, k) => {
    start[k] = at;
    end[k] = at += history.length;
  });
  return { item: Int32Array.from(askers.flatMap(({ history }) => [...history])), start, end };
}
