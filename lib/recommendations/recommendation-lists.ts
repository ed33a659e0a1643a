import { jupyterDisplay, type MimeData } from "../core";
import { type Table, table } from "../tables";

/** One place of a list. */
export interface Recommendation {
  /** The dataset's own id of the user; of a history given as such its number, `"history 0"`. */
  readonly user: string;
  /** From 1. */
  readonly rank: number;
  /** The dataset's own id. */
  readonly item: string;
  /** `null` where it has none. */
  readonly title: string | null;
  /** The model's score: higher is likelier. */
  readonly score: number;
}

/** Lists of recommendations, one user's after the other. */
export class Recommendations implements Iterable<Recommendation> {
  /** @param shorter users whose list has fewer than the k places asked for: there were no more items to choose from */
  constructor(
    readonly rows: readonly Recommendation[],
    readonly shorter: readonly string[] = [],
  ) {}

  [Symbol.iterator](): Iterator<Recommendation> {
    return this.rows.values();
  }

  /** The items of one user, best first, by the dataset's own ids. */
  of(user: string): string[] {
    return this.rows.filter((row) => row.user === user).map(({ item }) => item);
  }

  /** A table; `toFrame` of the notebook area makes a data frame of it. */
  table(): Table {
    const note = `${this.shorter.length} of the lists are shorter: there were no more items to choose from`;
    const titled = this.rows.some(({ title }) => title !== null);
    const keys = ["user", "rank", "item", ...(titled ? ["title"] : []), "score"];
    const columns = keys.map((key) => ({ key, ...(key === "score" ? { format: { significant: 4 } } : {}) }));
    const rows = this.rows.map((row) => ({ ...row }));
    return table({ columns, rows, groupBy: ["user"], ...(this.shorter.length > 0 ? { note } : {}) });
  }

  /** `user,rank,item,title,score` under a header (RFC 4180); what a spreadsheet would take for a formula is quoted. */
  toCsv(): string {
    return this.table().toCsv();
  }

  /** One JSON object a line. */
  toJsonLines(): string {
    return this.rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  }

  [jupyterDisplay](): MimeData {
    return this.table()[jupyterDisplay]();
  }
}
