import { type Histories, historyCount, type Sessions } from "../../data";
import { loadModelAs, saveModel, type StoredTensors, tensorNamed } from "../model-file";
import { requireKnownItems, ScoreRoom, type SessionRecommender } from "./session-recommender";

/** Scores items by how often they occur, whatever the history: the least a recommender has to beat. */
export class Popularity implements SessionRecommender {
  readonly kind = "popularity";
  private readonly room = new ScoreRoom();

  /** @param counts how often each item occurs, `[itemCount]` */
  constructor(readonly counts: Float32Array) {}

  /** Counts the items of some sessions. */
  static count(sessions: Sessions): Popularity {
    const counts = new Float32Array(sessions.itemCount);
    for (const item of sessions.item) counts[item]++;
    return new Popularity(counts);
  }

  get itemCount(): number {
    return this.counts.length;
  }

  /** Each item's share of all events, `[itemCount]`: what breaks ties where a count of pairs has none. */
  shares(): Float32Array {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    return this.counts.map((count) => count / (total + 1));
  }

  async scores(histories: Histories): Promise<Float32Array> {
    requireKnownItems(histories, this.itemCount);
    const scores = this.room.of(historyCount(histories) * this.itemCount);
    for (let row = 0; row < scores.length; row += this.itemCount) scores.set(this.counts, row);
    return scores;
  }

  /** Writes the counts to a file in safetensors layout, atomically. */
  async save(path: string): Promise<void> {
    await saveModel(path, this.kind, [{ name: "counts", shape: [this.itemCount], values: this.counts }]);
  }

  /**
   * Reads what `save` wrote.
   *
   * @throws NotFoundError when there is no such file
   * @throws CorruptFileError when it is another or damaged
   */
  static async load(path: string): Promise<Popularity> {
    const fromTensors = (tensors: StoredTensors) =>
      new Popularity(tensorNamed(tensors, "counts", Float32Array, 1).values);
    return loadModelAs(path, { kind: "popularity", fromTensors });
  }
}
