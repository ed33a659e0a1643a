import { InvalidArgumentError } from "../../core";
import type { MatMul, RawOperations } from "../operations";
import type { SimdMemory } from "../simd";
import { openBlas, type OpenBlas } from "./library";

/** Multiplications of one product below which a call costs more than OpenBLAS gains. */
const worthACall = 8_192;

/**
 * The SIMD operations with products of matrices by OpenBLAS, on the same memory without a copy. Small ones stay with
 * the SIMD form.
 *
 * @throws EngineError when OpenBLAS is not installed, or does not load
 */
export function withOpenBlas(raw: RawOperations, memory: Pick<SimdMemory, "owns">): RawOperations {
  const blas = openBlas();
  return {
    ...raw,
    matMul(product) {
      if (product.rows * product.inner * product.columns < worthACall) return raw.matMul(product);
      for (const array of [product.a, product.b, product.out])
        if (!memory.owns(array.buffer))
          throw new InvalidArgumentError(`an array of ${array.length} elements is not in the engine's memory`, {
            remedy: "make it with createWorkspace()",
          });
      multiply(blas, product);
    },
  };
}

function multiply(blas: OpenBlas, product: MatMul): void {
  const { a, b, out, rows, inner, columns, batches = 1 } = product;
  const [transposeA, transposeB] = [product.transposeA === true, product.transposeB === true];
  const [sizeA, sizeB, size] = [rows * inner, inner * columns, rows * columns];
  const [stepA, stepB] = [a.length === sizeA ? 0 : sizeA, b.length === sizeB ? 0 : sizeB];
  for (let batch = 0; batch < batches; batch++)
    blas.sgemm(
      { values: a.subarray(batch * stepA), rowLength: transposeA ? rows : inner, transposed: transposeA },
      { values: b.subarray(batch * stepB), rowLength: transposeB ? inner : columns, transposed: transposeB },
      out.subarray(batch * size),
      { rows, inner, columns },
      product.accumulate === true,
    );
}
