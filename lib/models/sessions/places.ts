/** The last place of each row of tokens. */
export function lastPlaces(rows: number, maxLength: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => (row + 1) * maxLength - 1);
}

/** 1 where a token is not padding, else 0. */
export function realPlaces(tokens: Int32Array): Float32Array {
  const real = new Float32Array(tokens.length);
  for (let k = 0; k < tokens.length; k++) if (tokens[k] !== 0) real[k] = 1;
  return real;
}
