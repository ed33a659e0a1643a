import { InvalidArgumentError } from "../../core";
import { Cholesky } from "./cholesky";
import type { RowChanges } from "./explanation";
import { dot, type NodeBlock } from "./node-block";

/**
 * The score of one pair of a matrix factorisation, and what forgetting rows of its user or its item does to it: what
 * `ifru.unlearn` would do, by the blocks of these two nodes alone (`README.md`, "Why was this recommended?").
 */
export class ScoreOfPair implements RowChanges {
  readonly score: number;
  /** The rows of the user and of the item, each once. */
  readonly rows: Int32Array;
  /** What forgetting each row alone adds to the score, `[rows]`. */
  readonly changes: Float64Array;
  private readonly members: { readonly user: ReadonlySet<number>; readonly item: ReadonlySet<number> };

  constructor(
    private readonly user: NodeBlock,
    private readonly item: NodeBlock,
  ) {
    this.score = dot(user.embedding, item.embedding);
    this.members = { user: new Set(user.rows), item: new Set(item.rows) };
    this.rows = Int32Array.from(new Set([...user.rows, ...item.rows]));
    this.changes = this.changesAlone();
  }

  private changesAlone(): Float64Array {
    const { user, item, members } = this;
    const [p, q] = [user.embedding, item.embedding];
    const [solvedUser, solvedItem] = [user.solve(q), item.solve(p)];
    return Float64Array.from(this.rows, (row) => {
      if (!members.item.has(row)) return user.changeAlong(user.rowAt(row), solvedUser, q);
      if (!members.user.has(row)) return item.changeAlong(item.rowAt(row), solvedItem, p);
      return this.moved(user.changeWithout(user.rowAt(row)), item.changeWithout(item.rowAt(row)));
    });
  }

  /**
   * What forgetting several rows at once adds to the score: one system over the nodes that lose rows, coupled where
   * the pair's own row stays.
   *
   * @param rows row numbers, each of the user or of the item
   * @throws InvalidArgumentError for a row of neither
   */
  together(rows: Int32Array): number {
    const gone = new Set(rows);
    for (const row of gone) this.requireIncident(row);
    const sides = [this.user, this.item] as const;
    const lost = sides.map(({ rows: own }) => own.filter((row) => gone.has(row)));
    const [users, items] = lost.map((own) => own.length > 0);
    const pair = users && items ? this.user.rows.filter((row) => this.members.item.has(row) && !gone.has(row)) : [];
    const change = this.solve([users, items], lost, gone, pair);
    const [ofUser, ofItem] = sides.map(({ rows: own, embedding }, k) =>
      own.length > 0 && lost[k].length === own.length ? embedding.map((value) => -value) : change[k],
    );
    return this.moved(ofUser, ofItem);
  }

  /** Changes of both embeddings; zero where a side loses nothing. */
  private solve(
    moves: readonly boolean[],
    lost: readonly Int32Array[],
    gone: ReadonlySet<number>,
    pair: Iterable<number>,
  ): readonly Float64Array[] {
    const width = this.user.embedding.length;
    const size = width * 2;
    const [matrix, gradient] = [new Float64Array(size * size), new Float64Array(size)];
    [this.user, this.item].forEach((block, side) => {
      const own = moves[side] ? block.matrix(block.rows.filter((row) => !gone.has(row))) : null;
      for (let i = 0, at = side * width; i < width; i++)
        for (let j = 0; j <= i; j++)
          matrix[(at + i) * size + at + j] = own === null ? Number(i === j) : own[i * width + j];
      for (const row of lost[side]) {
        const { x, residual } = block.rowAt(row);
        for (let j = 0; j < width; j++) gradient[side * width + j] += residual * x[j];
      }
    });
    for (const row of pair) this.couple(row, matrix, size);
    const solved = new Cholesky(matrix, size).solve(gradient);
    return [solved.subarray(0, width), solved.subarray(width)];
  }

  /** The block below the diagonal gets w p q': item's coordinate by row, user's by column, q then p as factors. */
  private couple(row: number, matrix: Float64Array, size: number): void {
    const { curvature } = this.user.rowAt(row);
    const [p, q] = [this.user.embedding, this.item.embedding];
    const width = p.length;
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) matrix[(width + i) * size + j] += curvature * p[i] * q[j];
  }

  /** The score of the moved embeddings, less the score now. */
  private moved(ofUser: ArrayLike<number>, ofItem: ArrayLike<number>): number {
    return dot(ofUser, this.item.embedding) + dot(ofItem, this.user.embedding) + dot(ofUser, ofItem);
  }

  private requireIncident(row: number): void {
    if (this.members.user.has(row) || this.members.item.has(row)) return;
    throw new InvalidArgumentError(`row ${row} is neither of the user nor of the item`, {
      where: "explain",
      remedy: "take rows of the explanation; for other rows ask ifru.unlearn",
    });
  }
}
