import { type Interactions, rowCount, rowsWhere, selectRows } from "../data";
import { distributionChart, type Figure, scatterChart } from "../figures";
import { FullRanking, meanProbabilityDifference, rankOf, topItems } from "../metrics";
import type { Recommender } from "../models";
import { type Table, table } from "../tables";

/** Models by what they are called, the one before forgetting first. */
export type ComparedModels = Readonly<Record<string, Recommender>>;

/** What is asked to be forgotten. */
export interface Forgotten {
  readonly train: Interactions;
  /** Row numbers of `train`, ascending. */
  readonly forgetRows: Int32Array;
}

/** Whom a table of recommendations is for, and how items are called. */
export interface RecommendationOptions {
  /** Dense id of the person. */
  readonly user: number;
  readonly titleOf: (item: number) => string;
  /** How many. Default: 10. */
  readonly count?: number;
  readonly caption?: string;
}

/**
 * What each model would put first for one person, of all items, with the rank that each had before. Items of the
 * forgotten rows that the person liked are marked with a heart.
 *
 * @example
 * recommendationTable({ original: model, IFRU: unlearned }, { train, forgetRows }, { user, titleOf });
 */
export function recommendationTable(
  models: ComparedModels,
  { train, forgetRows }: Forgotten,
  options: RecommendationOptions,
): Table {
  const { user, titleOf, count = 10, caption } = options;
  const [before, ...after] = Object.keys(models);
  const scores = Object.fromEntries(
    Object.entries(models).map(([name, model]) => [name, allItems(model, train).scores(user)]),
  );
  const top = Object.fromEntries(Object.entries(scores).map(([name, of]) => [name, topItems(of, count)]));
  const liked = new Set(
    Array.from(
      forgetRows.filter((row) => train.user[row] === user && train.label[row] > 0),
      (row) => train.item[row],
    ),
  );
  const shown = (item: number) => `${titleOf(item)}${liked.has(item) ? " ♥" : ""}`;
  return table({
    columns: [
      { key: "rank" },
      { key: before },
      ...after.flatMap((name) => [{ key: name }, { key: `${name} was`, label: "was" }]),
    ],
    rows: Array.from({ length: Math.min(count, train.itemCount) }, (_, place) => ({
      rank: place + 1,
      [before]: shown(top[before][place]),
      ...Object.fromEntries(
        after.flatMap((name): [string, string | number][] => {
          const item = top[name][place];
          return [
            [name, shown(item)],
            [`${name} was`, rankOf(scores[before], item)],
          ];
        }),
      ),
    })),
    ...(caption === undefined ? {} : { caption }),
  });
}

/** Every item's score for a user, none left out as seen. */
function allItems(model: Recommender, train: Interactions): FullRanking {
  return new FullRanking(model, selectRows(train, new Int32Array(0)));
}

/**
 * The rank, from 1, that each forgotten row's item has among all items for the row's user, `[forgotten]`.
 *
 * @example
 * forgottenRanks(unlearned, { train, forgetRows }); // from 1, one for each forgotten row
 */
export function forgottenRanks(model: Recommender, { train, forgetRows }: Forgotten): Int32Array {
  const ranking = allItems(model, train);
  const known = new Map<number, Float32Array>();
  return forgetRows.map((row) => {
    const user = train.user[row];
    const scores = known.get(user) ?? ranking.scores(user);
    known.set(user, scores);
    return rankOf(scores, train.item[row]);
  });
}

/**
 * One dot for each forgotten row: its item's rank for its user before and after. On the diagonal nothing moved.
 *
 * @example
 * rankChangeChart({ original: model, IFRU: unlearned, Retrain: retrained }, { train, forgetRows });
 */
export function rankChangeChart(models: ComparedModels, forgotten: Forgotten): Figure {
  const [[, original], ...after] = Object.entries(models);
  const before = forgottenRanks(original, forgotten);
  const points = after.flatMap(([series, model]) =>
    Array.from(forgottenRanks(model, forgotten), (y, k) => ({ series, x: before[k], y })),
  );
  return scatterChart(points, {
    xTitle: "rank before",
    yTitle: "rank after",
    diagonal: "unmoved",
    caption: "The rank of each forgotten item for its person, before and after",
    opacity: 0.6,
  });
}

/**
 * How sure each model is of what the forgotten rows said: the probability it gives to their labels. 0.5 is knowing
 * nothing.
 *
 * @example
 * beliefChart({ original: model, IFRU: unlearned, Retrain: retrained }, { train, forgetRows });
 */
export function beliefChart(models: ComparedModels, { train, forgetRows }: Forgotten): Figure {
  const { user, item, label } = selectRows(train, forgetRows);
  const samples = Object.entries(models).map(([series, model]) => ({
    series,
    values: model.score(user, item).map((score, k) => 1 / (1 + Math.exp(label[k] > 0 ? -score : score))),
  }));
  return distributionChart(samples, {
    valueTitle: "probability given to what the forgotten rows said",
    domain: [0, 1],
    bins: 20,
    caption: "How sure each model is of what the forgotten rows said",
  });
}

/**
 * How far predicted probabilities moved from the model before: on the forgotten rows, on the other rows of their users
 * and items, and on all the rest. What moves the rest is not forgetting: it is what two trainings differ by anyway.
 *
 * @example
 * movementTable({ original: model, IFRU: unlearned, Retrain: retrained }, { train, forgetRows });
 */
export function movementTable(models: ComparedModels, { train, forgetRows }: Forgotten): Table {
  const [[, original], ...after] = Object.entries(models);
  const groups = Object.entries(rowsByNearness(train, forgetRows)).map(([group, rows]) => ({
    group,
    rows: selectRows(train, rows),
  }));
  return table({
    columns: [
      { key: "group", label: "training rows" },
      { key: "rows" },
      ...after.map(([name]) => ({ key: name, format: { percent: 2 } as const })),
    ],
    rows: groups.map(({ group, rows }) => ({
      group,
      rows: rowCount(rows),
      ...Object.fromEntries(
        after.map(([name, model]) => [
          name,
          meanProbabilityDifference(model.score(rows.user, rows.item), original.score(rows.user, rows.item)),
        ]),
      ),
    })),
    caption: "How far predicted probabilities moved on average",
  });
}

function rowsByNearness(train: Interactions, forgetRows: Int32Array): Record<string, Int32Array> {
  const asked = new Set(forgetRows);
  const users = new Set(Array.from(forgetRows, (row) => train.user[row]));
  const items = new Set(Array.from(forgetRows, (row) => train.item[row]));
  const others = rowsWhere(train, (row) => !asked.has(row));
  const isNear = (row: number) => users.has(train.user[row]) || items.has(train.item[row]);
  return {
    forgotten: forgetRows,
    "others of the same user or items": others.filter(isNear),
    "all the rest": others.filter((row) => !isNear(row)),
  };
}
