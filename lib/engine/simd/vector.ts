import type { VectorOperations } from "../operations";
import type { SimdModule } from "./module";

export function simdVector({ wasm, at }: SimdModule): VectorOperations {
  return {
    dot: (x, y) => wasm.dot(at(x), at(y), x.length),
    axpy: (alpha, x, y) => void wasm.axpy(alpha, at(x), at(y), x.length),
    xpby: (x, beta, y) => void wasm.xpby(at(x), beta, at(y), x.length),
    hadamard: (x, y, out) => void wasm.hadamard(at(x), at(y), at(out), x.length),
  };
}
