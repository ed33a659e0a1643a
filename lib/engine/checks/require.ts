import { InvalidArgumentError } from "../../core";
import type { RawOperations } from "../operations";

/** @throws InvalidArgumentError when an array does not have the length the others ask for */
export function requireLength(operation: string, name: string, array: { length: number }, length: number): void {
  if (array.length === length) return;
  throw new InvalidArgumentError(`${operation}: "${name}" has ${array.length} elements`, {
    remedy: `give ${length}, as the other arguments ask for`,
  });
}

function requireWidth(operation: string, width: number): void {
  if (!Number.isInteger(width) || width < 1)
    throw new InvalidArgumentError(`${operation}: the width is ${width}`, { remedy: "give a whole number >= 1" });
}

/** The number of rows of a matrix. @throws InvalidArgumentError when its length is no multiple of `width` */
export function rowsOf(operation: string, name: string, matrix: Float32Array, width: number): number {
  requireWidth(operation, width);
  const rows = matrix.length / width;
  if (Number.isInteger(rows)) return rows;
  throw new InvalidArgumentError(`${operation}: "${name}" has ${matrix.length} elements, not rows of ${width}`, {
    remedy: "give a row-major matrix of that width",
  });
}

/** @throws InvalidArgumentError when an id is negative or not below `bound` */
export function requireIds(raw: RawOperations, operation: string, name: string, ids: Int32Array, bound: number): void {
  if (ids.length === 0) return;
  const largest = raw.largestId(ids);
  if (largest < bound) return;
  throw new InvalidArgumentError(`${operation}: "${name}" holds the id ${largest | 0}`, {
    remedy: `ids go from 0 to ${bound - 1}`,
  });
}

/** @throws InvalidArgumentError when CSR pointers do not ascend from 0 to the number of entries */
export function requirePointers(operation: string, name: string, pointers: Int32Array, rows: number): void {
  let valid = pointers[0] === 0 && pointers[pointers.length - 1] === rows;
  for (let u = 1; u < pointers.length; u++) valid &&= pointers[u] >= pointers[u - 1];
  if (!valid)
    throw new InvalidArgumentError(`${operation}: "${name}" does not ascend from 0 to ${rows}`, {
      remedy: "give where each row begins, and their total at the end",
    });
}
