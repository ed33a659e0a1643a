import { endsOf, nearDuplicates, rowsOfItems } from "../../audits";
import { numberOption, optionList, wordOption } from "../../core";
import { type IfruSplit, type Interactions, rowCount } from "../../data";
import { inModule } from "../../experiments";
import { ifru, influenceComponents, selfInfluence } from "../../ifru";
import { fitMf } from "../../training";
import type { RatingsRequestPart } from "./types";

/** Lambda of the model that says which rows are hard: about what calibration finds on ML-100K. */
const damping = 4e-5;

/** What influences tell of the training rows, `[rows]`. */
interface Told {
  /** Places along the first principal component of the influences. */
  readonly along: Float64Array;
  readonly selfInfluence: Float64Array;
}

const known = new WeakMap<IfruSplit, Promise<Told>>();

/** By a matrix factorisation of its own, so that which rows are asked for hangs on no run: defaults, and seed 1. */
async function influencesIn(split: IfruSplit): Promise<Told> {
  const { train, valid } = split;
  const { model } = await fitMf(train, valid);
  const prepared = await ifru.prepare(model, train, { damping });
  const [first] = await influenceComponents(model, prepared, train);
  const { influence } = await selfInfluence(model, prepared, train);
  return { along: first.rows, selfInfluence: influence };
}

/** Once for a split; what failed is not remembered. */
async function toldOf(split: IfruSplit): Promise<Told> {
  const told = known.get(split) ?? influencesIn(split);
  known.set(split, told);
  try {
    return await told;
  } catch (error) {
    known.delete(split);
    throw error;
  }
}

const labels = {
  "component-top": "the top of the first influence component",
  "component-bottom": "the bottom of the first influence component",
  "self-influence": "the highest self-influence",
  "near-duplicates": "near-duplicates",
  "head-items": "items at the head",
  "tail-items": "items at the tail",
} as const;
type HardSet = keyof typeof labels;

const shareOf = (share: number, count: number) => Math.max(1, Math.round(share * count));

const ratedItems = ({ item }: Interactions) => new Set(item).size;

const rowsOf: Readonly<Record<HardSet, (split: IfruSplit, share: number) => Promise<Int32Array> | Int32Array>> = {
  "component-top": async (split, share) => {
    const { along } = await toldOf(split);
    return endsOf(along, shareOf(share, along.length)).top;
  },
  "component-bottom": async (split, share) => {
    const { along } = await toldOf(split);
    return endsOf(along, shareOf(share, along.length)).bottom;
  },
  "self-influence": async (split, share) => {
    const { selfInfluence: values } = await toldOf(split);
    return endsOf(values, shareOf(share, values.length)).top;
  },
  "near-duplicates": ({ train }, share) => nearDuplicates(train, shareOf(share, rowCount(train))),
  "head-items": ({ train }, share) => rowsOfItems(train, "head", shareOf(share, ratedItems(train))),
  "tail-items": ({ train }, share) => rowsOfItems(train, "tail", shareOf(share, ratedItems(train))),
};

/**
 * Rows that are hard to forget, or to see forgotten: those at the ends of the first influence component, those that
 * hold their own prediction most, those of which a near-duplicate stays, and whole items with many rows or few. For
 * whole users there is `users`.
 */
const hard: RatingsRequestPart = {
  label: ({ set }) => labels[set as HardSet],
  options: optionList("request of hard rows", {
    set: wordOption("Which rows.", labels, "self-influence"),
    share: numberOption("Of all rows, at least one; of all items for whole ones.", 0.02, { above: 0, max: 1 }),
  }),
  async problem(split, { set, share }) {
    const forgetRows = await rowsOf[set as HardSet](split, Number(share));
    const request = { name: "hard", train: split.train, forgetRows, forgottenBefore: new Int32Array(0) };
    return { split, request: { ...request, parts: [forgetRows], exposure: null } };
  },
};

/** Requests that take a model to be drawn, by kind. */
export const hardRequests = inModule<RatingsRequestPart>(__filename, { hard });
