import type { MfCurvatureRows, MfOperations } from "../operations";
import type { Divisible } from "../threads";
import type { SimdModule } from "./module";
import { firstAtLeast } from "./search";

export function simdMf({ wasm, at, scratch, divide, isDivided, withRoom }: SimdModule): MfOperations {
  return {
    mfScores: (p, q, user, item, width, out) =>
      void wasm.mfScores(at(p), at(q), at(user), at(item), user.length, width, at(out)),
    mfDerivatives(p, q, user, item, label, width, residual, curvature) {
      wasm.mfScores(at(p), at(q), at(user), at(item), user.length, width, at(residual));
      return wasm.crossEntropy(at(residual), at(label), user.length, at(curvature));
    },
    mfLossGradient: ({ p, q, width, user, item, label, scale, penalty, residual, gradientP, gradientQ }) =>
      wasm.mfLossGradient(
        ...[at(p), at(q), at(user), at(item), at(label), user.length, width],
        ...[scale, penalty, at(residual), at(gradientP), at(gradientQ)],
      ),
    mfGradient({ userPointers, item, residual, p, q, width }, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const rows = [userPointers.length - 1, at(userPointers), at(item), residual === null ? 0 : at(residual)];
      const [of, to] = [
        [at(p), at(q)],
        [at(outP), at(outQ)],
      ];
      divide({
        ...{ operation: "mfGradient", count: width, unit: stripColumns, cost: scatterCost * item.length },
        arguments: (from, count) => [...rows, ...of, width, from, count, ...to],
      });
    },
    mfHessianVectorProduct(problem, a, b, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const work = hessianVectorProduct(problem, at, [at(a), at(b)], [at(outP), at(outQ)]);
      if (!isDivided(work.slopes(0))) return void wasm.mfHessianVectorProduct(...work.whole, scratch);
      withRoom(4 * problem.item.length, (room) => {
        divide(work.slopes(room));
        divide(work.scatter(room));
      });
    },
  };
}

/** Columns of embeddings that stay in registers at once. */
const stripColumns = 16;
/** Nanoseconds of a row in one column: of its score, and of adding it to the embeddings of its user and its item. */
const [scoreCost, scatterCost] = [0.15, 0.15];

/**
 * A Hessian-vector product in one call, and in two that can be cut. Rows of different users meet in the items, so that
 * what is added there cannot be cut by rows without another order of the sums. It is cut by columns.
 */
function hessianVectorProduct(
  { userPointers, item, residual, curvature, p, q, width }: MfCurvatureRows,
  at: SimdModule["at"],
  direction: readonly [number, number],
  out: readonly [number, number],
) {
  const [users, pointers, items] = [userPointers.length - 1, at(userPointers), at(item)];
  const [residuals, curvatures] = [residual === null ? 0 : at(residual), at(curvature)];
  const embeddings = [at(p), at(q), ...direction];
  return {
    whole: [users, pointers, items, residuals, curvatures, ...embeddings, width, ...out],
    slopes: (room: number): Divisible => ({
      ...{ operation: "mfSlopes", count: users, cost: (scoreCost * width * item.length) / users },
      end: (share) => firstAtLeast(userPointers, share * item.length),
      arguments(from, count) {
        const row = 4 * width * from;
        const [ofUsers, ofItems, a, b] = embeddings;
        const of = [ofUsers + row, ofItems, a + row, b];
        return [count, pointers + 4 * from, items, curvatures, ...of, width, room];
      },
    }),
    scatter: (room: number): Divisible => ({
      ...{ operation: "mfScatter", count: width, unit: stripColumns, cost: 2 * scatterCost * item.length },
      arguments: (from, count) => [users, pointers, items, residuals, room, ...embeddings, width, from, count, ...out],
    }),
  };
}
