import { announce, didYouMean, NotFoundError } from "../core";
import {
  type ExperimentResult,
  noiseFloorMethod,
  type Preset,
  referenceMethod,
  startMethod,
  type SummaryRow,
} from "../experiments";
import { builtInParts, experimentResult } from "../reproduction";
import {
  type Circumstances,
  circumstancesOf,
  type Difference,
  type Figure,
  minus,
  minusRetrain,
  rowLabel,
  viewFigures,
} from "../figures";
import { type Table, table } from "../tables";
import { type Content, markdown } from "./content";
import { display } from "./display";

/** How an experiment is opened. */
export interface ExperimentOptions {
  /** How large. Default: `"full"`, which is kept under version control. */
  readonly preset?: Preset;
  /** Whether runs that are nowhere to be found are computed here, which may take hours. Default: false. */
  readonly compute?: boolean;
}

/**
 * Opens an experiment: from the run store, else from the kept records. Nothing is computed unless that is asked for.
 *
 * @param name of a view, such as `"ifru-accuracy"`
 * @throws NotFoundError for a name that does not exist, or when none of its runs is there
 * @example
 * const accuracy = await experiment("ifru-accuracy");
 * accuracy.table();
 */
export async function experiment(
  name: string,
  { preset = "full", compute = false }: ExperimentOptions = {},
): Promise<Experiment> {
  const result = await experimentResult(name, { preset, compute });
  const { missing, runs } = result.summary;
  const remedy = `run "npm run experiment -- run ${name} --preset ${preset}", or ask for { compute: true }`;
  if (missing === runs) throw new NotFoundError(`no run of ${name} (${preset}) has been computed`, { remedy });
  if (missing > 0) announce(`${missing} of ${runs} runs of ${name} (${preset}) are missing; ${remedy}`);
  return new Experiment(result);
}

/** An experiment in a notebook: its table, its figures, and sentences whose numbers come from its records. */
export class Experiment {
  readonly figures: ReadonlyMap<string, Figure>;

  constructor(readonly result: ExperimentResult) {
    this.figures = viewFigures(result, builtInParts);
  }

  table(): Table {
    return this.result.table();
  }

  /** Shows the figures of some metrics, in this order. @throws NotFoundError for a metric without one */
  show(...names: string[]): void {
    for (const name of names) {
      const found = [...this.figures].filter(([key]) => key === name || key.startsWith(`${name}_`));
      if (found.length === 0)
        throw new NotFoundError(`no figure "${name}"`, { remedy: didYouMean(name, [...this.figures.keys()]) });
      for (const [, figure] of found) display(figure); // its caption stands above it
    }
  }

  /** What was found under each circumstance, as a list. @param sentence `null` where there is nothing to say */
  found(sentence: (finding: Finding) => string | null): Content {
    const lines = circumstancesOf(this.result.summary, builtInParts).flatMap((one) => {
      const said = sentence(new Finding(one, this.result));
      return said === null ? [] : [`* **${one.label}.** ${said}`];
    });
    const { missing, runs } = this.result.summary;
    return markdown([...lines, ...(missing === 0 ? [] : [`* ${missing} of ${runs} runs are missing.`])].join("\n"));
  }

  /**
   * Every method against Retrain, seed by seed: p of Wilcoxon's test and of the t-test, both corrected for all
   * comparisons of the view (Holm).
   *
   * @param metrics those that are shown. Default: the view's
   */
  tests(...metrics: string[]): Table {
    const { view, summary } = this.result;
    const shown = metrics.length > 0 ? metrics : view.metrics;
    const rows = circumstancesOf(summary, builtInParts).flatMap(({ label, rows }) =>
      rows.flatMap((row) =>
        shown.flatMap((metric) => {
          const p = (test: string) =>
            row.tests.find((one) => one.metric === metric && one.test === test)?.pHolm ?? null;
          const method = rowLabel(row, rows, view, builtInParts);
          return p("t-test") === null
            ? []
            : [{ where: label, method, metric, wilcoxon: p("wilcoxon"), t: p("t-test") }];
        }),
      ),
    );
    return table({
      columns: [
        { key: "where", label: "" },
        { key: "method" },
        { key: "metric" },
        { key: "wilcoxon", label: "p, Wilcoxon (Holm)", format: { significant: 2 } },
        { key: "t", label: "p, t-test (Holm)", format: { significant: 2 } },
      ],
      rows,
    });
  }
}

/** What the records say under one circumstance, to be put into sentences. */
export class Finding {
  readonly label: string;
  /** Every method that forgets, in the order of the table. */
  readonly methods: readonly SummaryRow[];
  private readonly rows: readonly SummaryRow[];

  constructor(
    { label, rows }: Circumstances,
    private readonly result: ExperimentResult,
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
    return rowLabel(row, this.rows, this.result.view, builtInParts);
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
    return value === null ? "undefined" : `${signed(100 * value, 1, false)} %`;
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

  /** How many times faster than Retrain, such as `"1,200"`. @param atOnce where shards are trained at the same time */
  speedup(row: SummaryRow | undefined, atOnce = false): string {
    const times = (atOnce ? row?.parallelSeconds : row?.seconds)?.speedup ?? null;
    return times === null ? "undefined" : Number(times.toPrecision(2)).toLocaleString("en");
  }
}

function inWords(found: Difference | null, decimals: number): string {
  if (found === null) return "undefined";
  const interval = found.interval?.map((end) => signed(end, decimals)).join(" to ");
  return `${signed(found.mean, decimals)}${interval === undefined ? "" : ` (${interval})`}`;
}

function signed(value: number | null, decimals: number, plus = true): string {
  if (value === null) return "undefined";
  const text = Math.abs(value).toFixed(decimals);
  return `${value < 0 && Number(text) !== 0 ? "−" : plus && Number(text) !== 0 ? "+" : ""}${text}`;
}
