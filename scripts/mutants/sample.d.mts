interface Place {
  readonly line: number;
  readonly column: number;
}

interface Range {
  readonly start: Place;
  readonly end: Place;
}

export declare function drawn<M extends { readonly name: string }>(
  mutants: readonly M[],
  size: number,
  seed: string,
): M[];
export declare function keyOf(file: string, at: Range, mutator: string, replacement: string, first?: number): string;
export declare function textAt(lines: readonly string[], at: Range): string;
