export function segmentSum(values: Float32Array, ids: Int32Array, width: number, out: Float32Array): void {
  out.fill(0);
  for (let k = 0; k < ids.length; k++) {
    if (ids[k] < 0) continue;
    for (let j = 0; j < width; j++) out[ids[k] * width + j] += values[k * width + j];
  }
}
