import { announce, didYouMean, InvalidArgumentError, NotFoundError } from "../core";
import { engineName } from "../engine";
import {
  type ExperimentResult,
  noiseFloorMethod,
  type Parts,
  type Preset,
  referenceMethod,
  type Selection,
  startMethod,
  type SummaryRow,
  type View,
  viewResult,
} from "../experiments";
import { builtInParts, viewNamed } from "../reproduction";
import {
  type Circumstances,
  circumstancesOf,
  type Difference,
  type Figure,
  minus,
  minusRetrain,
  type PaperOptions,
  paperOptions,
  paperView,
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
  /** What the view's runs name, where some of it is one's own. Default: the built-in parts. */
  readonly parts?: Parts;
  /** A run store. Default: `runs`. */
  readonly store?: string;
  /** A folder of kept records, such as that of a checkout. Default: `figures/records`. */
  readonly records?: string;
}

/**
 * Opens an experiment: from the run store, else from the kept records. Nothing is computed unless that is asked for.
 *
 * @param of a view's name, such as `"ifru-accuracy"`, or a view of one's own
 * @throws NotFoundError for a name that does not exist, or when none of its runs is there
 * @example
 * const main = await experiment("cau-main");
 * main.select({ dataset: "beauty", backbone: "sasrec" }).figure("hit-u@10", { venue: "acm-sigconf" });
 */
export async function experiment(
  of: string | View,
  { preset = "full", parts = builtInParts, ...where }: ExperimentOptions = {},
): Promise<Experiment> {
  const view = typeof of === "string" ? viewNamed(of) : of;
  const result = await viewResult(view, parts, engineName(), { preset, ...where });
  const { missing, runs } = result.summary;
  const { name } = view;
  const remedy = `run "npm run experiment -- run ${name} --preset ${preset}", or ask for { compute: true }`;
  if (missing === runs) throw new NotFoundError(`no run of ${name} (${preset}) has been computed`, { remedy });
  if (missing > 0) announce(`${missing} of ${runs} runs of ${name} (${preset}) are missing; ${remedy}`);
  return new Experiment(result, parts);
}

/** An experiment in a notebook: its table, its figures, and sentences whose numbers come from its records. */
export class Experiment {
  private shown: ReadonlyMap<string, Figure> | undefined;

  constructor(
    readonly result: ExperimentResult,
    private readonly parts: Parts = builtInParts,
    private readonly selection: Selection = {},
  ) {}

  /** Every figure, by name. */
  get figures(): ReadonlyMap<string, Figure> {
    this.shown ??= this.isWhole ? viewFigures(this.result, this.parts) : this.paper({}).figures;
    return this.shown;
  }

  private get isWhole(): boolean {
    return Object.keys(this.selection).length === 0;
  }

  private paper(options: PaperOptions) {
    const given = paperOptions(options, "the options");
    return paperView(this.result, this.parts, { ...this.selection, ...given });
  }

  /**
   * A part of it, for its table and figures; a further selection replaces an earlier one of the same kind.
   *
   * @throws InvalidArgumentError for what nothing in the view has, with the nearest
   */
  select(selection: Selection): Experiment {
    const selected = new Experiment(this.result, this.parts, { ...this.selection, ...selection });
    selected.paper({});
    return selected;
  }

  /**
   * Its table; for a paper with the options of `npm run figures`. Its LaTeX then fits the venue.
   *
   * @throws InvalidArgumentError for options that cannot be
   */
  table(options: PaperOptions = {}): Table {
    if (this.isWhole && Object.keys(options).length === 0) return this.result.table();
    return this.paper(options).table([]);
  }

  /**
   * One figure, for the screen and for a paper, with the options of `npm run figures`.
   *
   * @param name of a metric or figure, such as `"hit-u@10"`
   * @throws NotFoundError for a name that is not there, with the nearest
   * @throws InvalidArgumentError for options that cannot be, and where several figures have the name
   */
  figure(name: string, options: PaperOptions = {}): Figure {
    const { figures } = this.paper(options);
    const key = name.replace("@", "-at-");
    const found = [...figures].filter(([other]) => other === key || other.startsWith(`${key}_`));
    if (found.length === 1) return found[0][1];
    const names = [...figures.keys()];
    if (found.length === 0) throw new NotFoundError(`no figure "${name}"`, { remedy: didYouMean(key, names) });
    throw new InvalidArgumentError(`${found.length} figures are called "${name}"`, {
      remedy: `select a dataset and backbone, give { facet: "dataset" }, or name one: ${found.map(([one]) => one).join(", ")}`,
    });
  }

  /** Shows the figures of some metrics, in this order. @throws NotFoundError for a metric without one */
  show(...names: string[]): void {
    for (const name of names) {
      const found = [...this.figures].filter(([key]) => key === name || key.startsWith(`${name}_`));
      if (found.length === 0)
        throw new NotFoundError(`no figure "${name}"`, { remedy: didYouMean(name, [...this.figures.keys()]) });
      for (const [key, figure] of found) {
        if (key !== name) display(markdown(`*${figure.caption}*`));
        display(figure);
      }
    }
  }

  /** What was found under each circumstance, as a list. @param sentence `null` where there is nothing to say */
  found(sentence: (finding: Finding) => string | null): Content {
    const lines = circumstancesOf(this.result.summary, this.parts).flatMap((one) => {
      const said = sentence(new Finding(one, this.result, this.parts));
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
    const rows = circumstancesOf(summary, this.parts).flatMap(({ label, rows }) =>
      rows.flatMap((row) =>
        shown.flatMap((metric) => {
          const p = (test: string) =>
            row.tests.find((one) => one.metric === metric && one.test === test)?.pHolm ?? null;
          const method = rowLabel(row, rows, view, this.parts);
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
