/** The arrays that operations take. */
export type OperationArray = Float32Array | Float64Array | Int32Array;
