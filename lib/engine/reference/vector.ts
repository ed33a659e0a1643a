export function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

export function axpy(alpha: number, x: Float32Array, y: Float32Array): void {
  for (let k = 0; k < x.length; k++) y[k] += alpha * x[k];
}

export function xpby(x: Float32Array, beta: number, y: Float32Array): void {
  for (let k = 0; k < x.length; k++) y[k] = x[k] + beta * y[k];
}

export function hadamard(x: Float32Array, y: Float32Array, out: Float32Array): void {
  for (let k = 0; k < x.length; k++) out[k] = x[k] * y[k];
}

export function largestId(ids: Int32Array): number {
  let largest = 0;
  for (const id of ids) largest = Math.max(largest, id >>> 0);
  return largest;
}
