import type { RawOperations, VectorOperations } from "../operations";
import { requireLength } from "./require";

/** The vector operations behind checks of their lengths. */
export function checkVector(raw: RawOperations): VectorOperations {
  return {
    dot(x, y) {
      requireLength("dot", "y", y, x.length);
      return raw.dot(x, y);
    },
    axpy(alpha, x, y) {
      requireLength("axpy", "y", y, x.length);
      raw.axpy(alpha, x, y);
    },
    xpby(x, beta, y) {
      requireLength("xpby", "y", y, x.length);
      raw.xpby(x, beta, y);
    },
    hadamard(x, y, out) {
      requireLength("hadamard", "y", y, x.length);
      requireLength("hadamard", "out", out, x.length);
      raw.hadamard(x, y, out);
    },
  };
}
