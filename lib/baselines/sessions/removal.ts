import { byMode, InvalidArgumentError, type OptionsOf, Random, seedOption, wholeOption, wordOption } from "../../core";
import { sessionCount, type Sessions, withoutRows } from "../../data";

/** How forgotten events leave their sessions, and what goes with them. */
export const removalFields = {
  removal: wordOption(
    "`cut-out`: the events alone, the gaps closed. `truncate`: with everything after the first of them. " +
      "`truncate-early`: with the event before it too, as SRU's release does.",
    ["cut-out", "truncate", "truncate-early"],
    byMode("cut-out", "truncate-early"),
  ),
  deletion: wordOption(
    "Which further events of such a session go: `random` ones (RED), those most `similar` to the forgotten ones (CED: " +
      "the largest |cosine| of item embeddings), or those `nearest` to them (NED).",
    ["random", "similar", "nearest"],
    "similar",
  ),
  deleteCount: wholeOption("How many further events of each such session; 0 for none.", 1, 0),
  seed: seedOption("Of the partition and of what is drawn when sessions are cut.", 1),
};

/** How forgotten events leave their sessions; defaults and ranges are in `removalFields`. */
export interface RemovalOptions extends OptionsOf<typeof removalFields> {}

/** What items are compared by: row i + 1 belongs to item i, as in a session model's `itemEmbedding`. */
export interface ItemVectors {
  /** `[tokens, width]` */
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * The events to take out of sessions so that some are forgotten, those among them.
 *
 * @param sessions as they are now
 * @param forgetRows row numbers of the interactions; those that are not there any more are passed over
 * @param vectors needed where `similar` events go
 * @param purpose names the stream of random numbers
 * @returns row numbers of the interactions, ascending
 * @throws InvalidArgumentError where `similar` events go and there are no vectors
 * @example
 * const options = { removal: "cut-out", deletion: "nearest", deleteCount: 1, seed: 1 } as const;
 * const removed = removedRows(sessions, eventRequest.forgetRows, options, null); // and one neighbour in each session
 * const left = withoutRows(sessions, removed, 2); // those that still have two events
 */
export function removedRows(
  sessions: Sessions,
  forgetRows: Int32Array,
  options: RemovalOptions,
  vectors: ItemVectors | null,
  purpose = "shards",
): Int32Array {
  const asked = new Set(forgetRows);
  const removed: number[] = [];
  for (let session = 0; session < sessionCount(sessions); session++) {
    const [start, end] = [sessions.offsets[session], sessions.offsets[session + 1]];
    const forgotten = eventsFrom(start, end).filter((event) => asked.has(sessions.row[event]));
    if (forgotten.length === 0) continue;
    const gone = new Set([...forgotten, ...taggingAlong(forgotten[0], start, end, options.removal)]);
    const left = eventsFrom(start, end).filter((event) => !gone.has(event));
    const further = {
      random: () => Random.derive(options.seed, "extra deletion", purpose, session).shuffle([...left]),
      similar: () => bySimilarity(left, forgotten, sessions.item, requireVectors(vectors)),
      nearest: () => byDistance(left, forgotten),
    };
    const extra = options.deleteCount === 0 ? [] : further[options.deletion]().slice(0, options.deleteCount);
    for (const event of [...gone, ...extra]) removed.push(sessions.row[event]);
  }
  return Int32Array.from(removed).sort();
}

function requireVectors(vectors: ItemVectors | null): ItemVectors {
  if (vectors !== null) return vectors;
  throw new InvalidArgumentError('deletion is "similar", and there are no vectors to compare items by', {
    where: "removedRows",
    remedy: "give itemVectorsOf(model), or another deletion",
  });
}

/** The sessions without some rows, each under its number, however short it became. */
export function sessionsAfter(sessions: Sessions, removed: Int32Array): Sessions {
  return withoutRows(sessions, removed, 0);
}

function eventsFrom(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, k) => start + k);
}

/** The events that truncation takes beside the forgotten ones. */
function taggingAlong(first: number, start: number, end: number, removal: RemovalOptions["removal"]): number[] {
  if (removal === "cut-out") return [];
  return eventsFrom(removal === "truncate" ? first : Math.max(start, first - 1), end);
}

/** Events by how few lie between them and a forgotten one; equal ones by place. */
function byDistance(events: readonly number[], forgotten: readonly number[]): number[] {
  const distance = (event: number) => Math.min(...forgotten.map((other) => Math.abs(event - other)));
  return [...events].sort((a, b) => distance(a) - distance(b) || a - b);
}

/** Events by the largest |cosine| to any forgotten event's item, from the top; equal ones by place. */
function bySimilarity(
  events: readonly number[],
  forgotten: readonly number[],
  item: Int32Array,
  { values, width }: ItemVectors,
): number[] {
  const vector = (event: number) => values.subarray((item[event] + 1) * width, (item[event] + 2) * width);
  const similarity = new Map(
    events.map((event) => {
      const cosines = forgotten.map((other) => Math.abs(cosine(vector(event), vector(other))));
      return [event, Math.max(...cosines)];
    }),
  );
  return [...events].sort((a, b) => similarity.get(b)! - similarity.get(a)! || a - b);
}

/** 0 for a vector of zeros. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    product += a[j] * b[j];
    squareA += a[j] * a[j];
    squareB += b[j] * b[j];
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
