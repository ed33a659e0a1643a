import {
  type Difference,
  type ExperimentResult,
  minus,
  noiseFloorMethod,
  type Parts,
  referenceMethod,
  startMethod,
  type SummaryRow,
} from "../experiments";
import { type Circumstances, minusRetrain, rowLabel } from "../figures";
import { builtInParts } from "../reproduction";

/** What stands for a value that is undefined. */
const none = "–";

/** What the records say under one circumstance, to be put into tables. */
export class Finding {
  readonly label: string;
  /** Every method that forgets, in the order of the table. */
  readonly methods: readonly SummaryRow[];
  private readonly rows: readonly SummaryRow[];

  constructor(
    { label, rows }: Circumstances,
    private readonly result: ExperimentResult,
    private readonly parts: Parts = builtInParts,
  ) {
    this.label = label;
    this.rows = rows;
    const held = [startMethod, referenceMethod, noiseFloorMethod];
    this.methods = rows.filter(({ method }) => !held.includes(method));
  }

  /** Seeds of the row with most of them. */
  get seeds(): number {
    return Math.max(...this.rows.map(({ seeds }) => seeds.length));
  }

  /** A method's name, with what it has changed. */
  name(row: SummaryRow): string {
    return rowLabel(row, this.rows, this.result.view, this.parts);
  }

  /** The first row of a method with these options. */
  row(method: string, options: Readonly<Record<string, unknown>> = {}): SummaryRow | undefined {
    const has = (row: SummaryRow) =>
      Object.entries(options).every(([name, value]) => row.options.method[name] === value);
    return this.rows.find((row) => row.method === method && has(row));
  }

  /** The row with the highest mean of a metric, Original and Retrain among them. */
  highest(metric: string): SummaryRow | undefined {
    const of = (row: SummaryRow) => row.metrics[metric].mean ?? -Infinity;
    return this.rows.filter((row) => of(row) > -Infinity).sort((a, b) => of(b) - of(a))[0];
  }

  /** A row's mean of a metric that is a share, such as `"3.2 %"`. */
  percent(row: SummaryRow | undefined, metric: string): string {
    const value = row?.metrics[metric]?.mean ?? null;
    return value === null ? none : `${signed(100 * value, 1, false)} %`;
  }

  /** A row's mean of a metric, such as `"0.773"`. */
  mean(row: SummaryRow | undefined, metric: string, decimals = 3): string {
    return signed(row?.metrics[metric]?.mean ?? null, decimals, false);
  }

  /** A row's difference from Retrain with its 95 % interval, such as `"−0.004 (−0.010 to +0.002)"`. */
  difference(row: SummaryRow | undefined, metric: string, decimals = 3): string {
    return inWords(row === undefined ? null : minusRetrain(row, this.rows, metric), decimals);
  }

  /** The same of a row's difference from another row. */
  versus(row: SummaryRow | undefined, other: SummaryRow | undefined, metric: string, decimals = 3): string {
    return inWords(row === undefined || other === undefined ? null : minus(row, other, metric), decimals);
  }

  /** The method whose seeds are nearest to Retrain's in the mean: one that misses it to both sides is not near. */
  nearest(metric: string): SummaryRow | undefined {
    const distance = (row: SummaryRow) => minusRetrain(row, this.rows, metric)?.distance ?? Infinity;
    return this.methods.filter((row) => distance(row) < Infinity).sort((a, b) => distance(a) - distance(b))[0];
  }

  /** The methods whose 95 % interval holds Retrain's value: so many seeds cannot tell them from it. */
  untold(metric: string): SummaryRow[] {
    return this.methods.filter((row) => {
      const [low, high] = minusRetrain(row, this.rows, metric)?.interval ?? [1, -1];
      return low <= 0 && high >= 0;
    });
  }

  /** Some rows by name, such as `"IFRU (principled) and SCIF (paper)"`. */
  names(rows: readonly SummaryRow[]): string {
    const all = rows.map((row) => this.name(row));
    return all.length === 0
      ? "none"
      : all.length === 1
        ? all[0]
        : `${all.slice(0, -1).join(", ")} and ${all[all.length - 1]}`;
  }

  /** How many times as fast as Retrain, such as `"1,200"`. @param atOnce where shards are trained at the same time */
  speedup(row: SummaryRow | undefined, atOnce = false): string {
    const times = (atOnce ? row?.parallelSeconds : row?.seconds)?.speedup ?? null;
    return times === null ? none : Number(times.toPrecision(2)).toLocaleString("en");
  }
}

function inWords(found: Difference | null, decimals: number): string {
  if (found === null) return none;
  const interval = found.interval?.map((end) => signed(end, decimals)).join(" to ");
  return `${signed(found.mean, decimals)}${interval === undefined ? "" : ` (${interval})`}`;
}

function signed(value: number | null, decimals: number, plus = true): string {
  if (value === null) return none;
  const text = Math.abs(value).toFixed(decimals);
  return `${value < 0 && Number(text) !== 0 ? "−" : plus && Number(text) !== 0 ? "+" : ""}${text}`;
}
