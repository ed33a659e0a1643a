// Vectors as arrays, for the hidden checks: never released.
export type Vector = readonly number[];

export const dot = (a: Vector, b: Vector) => a.reduce((sum, x, k) => sum + x * b[k], 0);
export const plus = (a: Vector, b: Vector, factor = 1) => a.map((x, k) => x + factor * b[k]);
export const times = (a: Vector, factor: number) => a.map((x) => factor * x);
