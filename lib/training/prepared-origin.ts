import { InvalidArgumentError, sha256 } from "../core";
import type { Interactions, Sessions } from "../data";
import type { Recommender } from "../models";

/** A model as far as it is looked at here. */
type HashedModel = Pick<Recommender, "kind" | "parameters">;

type Column = Int32Array | Float32Array;

/**
 * What a preparation was made of, so that it is refused with another model or other rows: it would then point at
 * embeddings and rows that are not there. The same objects are known at once; others by their hash, so that a copy or a
 * model that was loaded from a file serves as well. A model that `overwriteRows` changed is the same object: prepare
 * again after that.
 */
export class PreparedOrigin {
  readonly trainHash: string;
  /** `null` where the preparation does not depend on the original. */
  readonly modelHash: string | null;
  readonly #columns: readonly Column[];
  readonly #model: HashedModel | null;

  constructor(train: Interactions | Sessions, model: HashedModel | null = null) {
    this.#columns = columnsOf(train);
    this.#model = model;
    this.trainHash = hashOf(this.#columns);
    this.modelHash = model === null ? null : hashOfModel(model);
  }

  /**
   * @param where the method, for the error
   * @throws InvalidArgumentError when the preparation was made of another model or other training rows
   */
  require(where: string, train: Interactions | Sessions, model: HashedModel | null = null): void {
    const columns = columnsOf(train);
    if (columns.some((column, k) => column !== this.#columns[k]))
      this.requireSame(where, "training rows", this.trainHash, hashOf(columns));
    if (this.modelHash !== null && model !== null && model !== this.#model)
      this.requireSame(where, "model", this.modelHash, hashOfModel(model));
  }

  private requireSame(where: string, what: string, prepared: string, given: string): void {
    if (prepared === given) return;
    const [own, other] = [prepared, given].map((hash) => hash.slice(0, 12));
    throw new InvalidArgumentError(`"prepared" is of another model or other rows: ${what} ${own}, and here ${other}`, {
      where,
      remedy:
        this.modelHash === null
          ? "pass the rows that prepare was given, also after a request, and what the last answer prepared"
          : "after a request pass its model and the rows that stay to prepare, and what that returns here",
    });
  }
}

function columnsOf(train: Interactions | Sessions): Column[] {
  return "offsets" in train
    ? [train.offsets, train.item, train.row, train.user]
    : [train.user, train.item, train.label];
}

function hashOfModel(model: HashedModel): string {
  return sha256(`${model.kind} ${hashOf(model.parameters().map(({ values }) => values))}`);
}

function hashOf(columns: readonly Column[]): string {
  const parts = columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return sha256(parts.map(sha256).join());
}
