/** A series of a plotly figure. Anything plotly's reference names goes through. */
export interface PlotlyTrace {
  /** Default: `"scatter"`. */
  readonly type?: string;
  /** Such as `"markers"` or `"lines+markers"`. Default: lines, and markers below 20 points. */
  readonly mode?: string;
  readonly name?: string;
  /** `null` leaves a gap. Dates are texts such as `"2020-01-31"` or `Date`s, which are taken as UTC. */
  readonly x?: ArrayLike<number | string | Date | null>;
  readonly y?: ArrayLike<number | string | Date | null>;
  readonly z?: ArrayLike<unknown>;
  readonly [option: string]: unknown;
}

/** What plotly draws. Plain JSON. */
export interface PlotlySpec {
  readonly data: readonly PlotlyTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: object;
}

/** A figure as plotly.js takes it, with what it shows. */
export interface PlotlyDrawing {
  readonly caption: string;
  spec(): PlotlySpec;
}
