import type { SummaryRow } from "../experiments";
import type { Frame } from "./frame";

/** How the figures of a view are drawn. */
export interface Drawing {
  /** What every chart is given. Default: its own size. */
  readonly frame?: Frame;
  /** What has a panel of its own. Default: nothing; too many circumstances are figures of their own. */
  readonly facet?: "dataset" | "backbone";
  /** Rows that others are compared with and that have no mark. Default: none. */
  readonly hidden?: ReadonlySet<SummaryRow>;
  /** The rows of the whole view, of which a part is drawn: names and captions say what they say of the whole. */
  readonly whole?: readonly SummaryRow[];
}
