import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError, InvalidArgumentError, libFolder } from "../core";
import { EngineMemory } from "./memory";
import type { AdamState, AdamStep, RawOperations } from "./operations";
import type { OperationArray } from "./workspace";

/** What `lib/engine/assembly/index.ts` exports. Pointers are byte offsets; 0 is no array. */
interface SimdExports {
  [name: string]: (...values: number[]) => number;
}

/** The SIMD operations and the memory they work on. */
export interface SimdEngine {
  readonly memory: EngineMemory;
  readonly operations: RawOperations;
}

/** Where `npm run build` puts a compiled form of `lib/engine/assembly`. */
export function compiledOperations(form: "shared" | "heap"): WebAssembly.Module {
  const path = join(libFolder(), "dist", "engine", `operations.${form}.wasm`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new EngineError("the WebAssembly operations are not built", { where: path, remedy: "npm run build", cause });
  }
  return new WebAssembly.Module(bytes);
}

/** @throws EngineError when the operations are not built */
export function loadSimdEngine(): SimdEngine {
  const memory = new EngineMemory();
  const { exports } = new WebAssembly.Instance(compiledOperations("shared"), { env: { memory: memory.memory } });
  return { memory, operations: simdOperations(exports as unknown as SimdExports, memory) };
}

/** Hands arrays over by their byte offsets. Shapes are checked by `withChecks`, not here. */
function simdOperations(wasm: SimdExports, memory: EngineMemory): RawOperations {
  function at(array: OperationArray): number {
    if (memory.owns(array.buffer)) return array.byteOffset;
    throw new InvalidArgumentError(`an array of ${array.length} elements is not in the engine's memory`, {
      remedy: "make it with createWorkspace()",
    });
  }
  const moments = ({ parameters, firstMoment, secondMoment }: Omit<AdamState, "gradient">) =>
    [at(parameters), at(firstMoment), at(secondMoment)] as const;
  const numbers = ({ stepSize, rootScale, beta1, beta2, epsilon }: AdamStep) =>
    [stepSize, rootScale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;

  return {
    largestId: (ids) => wasm.largestId(at(ids), ids.length) >>> 0,
    dot: (x, y) => wasm.dot(at(x), at(y), x.length),
    axpy: (alpha, x, y) => void wasm.axpy(alpha, at(x), at(y), x.length),
    xpby: (x, beta, y) => void wasm.xpby(at(x), beta, at(y), x.length),
    hadamard: (x, y, out) => void wasm.hadamard(at(x), at(y), at(out), x.length),
    segmentSum(values, ids, width, out) {
      out.fill(0);
      wasm.segmentSum(at(values), at(ids), ids.length, width, at(out));
    },
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
      const users = userPointers.length - 1;
      const rows = [users, at(userPointers), at(item), residual === null ? 0 : at(residual)];
      wasm.mfGradient(...rows, at(p), at(q), width, at(outP), at(outQ));
    },
    mfHessianVectorProduct({ userPointers, item, residual, curvature, p, q, width }, a, b, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const users = userPointers.length - 1;
      const rows = [users, at(userPointers), at(item), residual === null ? 0 : at(residual), at(curvature)];
      wasm.mfHessianVectorProduct(...rows, at(p), at(q), at(a), at(b), width, at(outP), at(outQ));
    },
    mfCurvatureDiagonal({ userPointers, item, curvature, p, q, width }, outP, outQ) {
      outP.fill(0);
      outQ.fill(0);
      const rows = [userPointers.length - 1, at(userPointers), at(item), at(curvature)];
      wasm.mfCurvatureDiagonal(...rows, at(p), at(q), width, at(outP), at(outQ));
    },
    adam(state, step) {
      const [w, m, v] = moments(state);
      wasm.adam(w, at(state.gradient), m, v, state.parameters.length, ...numbers(step));
    },
    adamRows(state, width, rows, step) {
      const [w, m, v] = moments(state);
      wasm.adamRows(w, at(state.gradient), m, v, at(rows), rows.length, width, ...numbers(step));
    },
    adamCatchUp: (state, width, rows, coefficients) =>
      void wasm.adamCatchUp(...moments(state), at(rows), rows.length, width, at(coefficients)),
  };
}
