import { Random } from "../../../lib/core";
import { IdMap, type Interactions } from "../../../lib/data";
import { type IfruPrepared, indexModel } from "../../../lib/ifru";
import { type LightGcn, Mf } from "../../../lib/models";
import { PreparedOrigin } from "../../../lib/training";

export const tiny = { userCount: 6, itemCount: 7, width: 3, rows: 26 };

/** Random ratings, each pair at most once, and embeddings of no particular fit: the formulas hold anywhere. */
export function tinyTrain(seed: number): Interactions {
  const { userCount, itemCount, rows } = tiny;
  const random = Random.derive(seed, "tiny ratings");
  const pairs = random.sample(userCount * itemCount, rows);
  return {
    user: pairs.map((pair) => Math.floor(pair / itemCount)),
    item: pairs.map((pair) => pair % itemCount),
    label: Float32Array.from(pairs, () => random.integer(2)),
    ...{ userCount, itemCount, users: new IdMap("user"), items: new IdMap("item") },
  };
}

export function tinyTable(seed: number, what: string, rows: number): Float32Array {
  return Random.derive(seed, what).fillNormal(new Float32Array(rows * tiny.width), 0.7);
}

export function tinyMf(seed: number): Mf {
  return new Mf(tinyTable(seed, "users", tiny.userCount), tinyTable(seed, "items", tiny.itemCount), tiny.width);
}

/** What `ifru.prepare` returns where lambda is given. */
export function preparedOf(
  scored: Mf,
  train: Interactions,
  damping: number,
  model: Mf | LightGcn = scored,
): IfruPrepared {
  return {
    ...indexModel(scored, train),
    origin: new PreparedOrigin(train, model),
    damping,
    calibration: null,
    seconds: {},
  };
}

/** A x = b by Gauss's elimination with pivots, on nested arrays: nothing of the library's own. */
export function solveDense(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const m = a.map((row, k) => [...row, b[k]]);
  for (let k = 0; k < m.length; k++) {
    let best = k;
    for (let r = k; r < m.length; r++) if (Math.abs(m[r][k]) > Math.abs(m[best][k])) best = r;
    [m[k], m[best]] = [m[best], m[k]];
    for (let r = 0; r < m.length; r++)
      if (r !== k) {
        const factor = m[r][k] / m[k][k];
        for (let c = k; c <= m.length; c++) m[r][c] -= factor * m[k][c];
      }
  }
  return m.map((row, k) => row[m.length] / row[k]);
}
