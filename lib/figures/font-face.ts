// Apart from the libraries themselves: what names these types must not bring theirs into the packages' declarations.

/** What we use of fontkit, which comes without types. */
export interface Fontkit {
  /** A font, or a file of several. */
  openSync(path: string): FontFace | { readonly fonts: readonly FontFace[] };
}

/** A font's face. */
export interface FontFace {
  readonly unitsPerEm: number;
  readonly postscriptName: string;
  readonly familyName: string;
  hasGlyphForCodePoint(codePoint: number): boolean;
  /** `advanceWidth` is in units of `unitsPerEm` per font size. */
  glyphForCodePoint(codePoint: number): { readonly advanceWidth: number };
}
