/**
 * A series of a plotly figure: what the static picture knows of it; anything else plotly's reference names goes
 * through.
 */
export interface PlotlyTrace {
  /** Default: `"scatter"`. */
  readonly type?: string;
  /** Such as `"markers"` or `"lines+markers"`. */
  readonly mode?: string;
  readonly name?: string;
  readonly x?: ArrayLike<number | string>;
  readonly y?: ArrayLike<number | string>;
  readonly z?: ArrayLike<number | string>;
  readonly [option: string]: unknown;
}
