import { announce, didYouMean, InvalidArgumentError, NotFoundError } from "../core";
import { engineName } from "../engine";
import { type ExperimentResult, type Parts, type Preset, type Selection, type View, viewResult } from "../experiments";
import { builtInParts, viewNamed } from "../reproduction";
import {
  circumstancesOf,
  type Figure,
  type PaperOptions,
  paperOptions,
  paperView,
  rowLabel,
  viewFigures,
} from "../figures";
import { type Table, table } from "../tables";
import { display } from "./display";
import { Finding } from "./finding";

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

/** An experiment in a notebook: its table, its figures, and small tables of what its records say. */
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
      for (const [, figure] of found) display(figure); // its caption stands above it
    }
  }

  /** What the records say, by circumstance. */
  get findings(): readonly Finding[] {
    return circumstancesOf(this.result.summary, this.parts).map((one) => new Finding(one, this.result, this.parts));
  }

  /**
   * What was found under each circumstance, as a small table.
   *
   * @param sentence what the table shows, in one sentence
   * @param tell the columns of a circumstance's row, several rows as a list, or `null` where there is nothing to say
   * @example
   * result.found("Forget AUC minus Retrain's.", (of) => ({ IFRU: of.difference(of.row("ifru"), "forget-auc") }));
   */
  found(sentence: string, tell: (of: Finding) => Told | readonly Told[] | null): Table {
    const rows = this.findings.flatMap((of) => [tell(of) ?? []].flat().map((told) => ({ "": of.label, ...told })));
    const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const { missing, runs } = this.result.summary;
    return table({
      caption: sentence,
      columns: keys.map((key) => ({ key, align: isOfNumbers(rows, key) ? "right" : "left" })),
      rows,
      groupBy: [""],
      note: missing === 0 ? undefined : `${missing} of ${runs} runs are missing.`,
    });
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
      groupBy: ["where", "method"],
    });
  }
}

/** What stands in a row of findings, by column. */
export type Told = Readonly<Record<string, string | number>>;

const isOfNumbers = (rows: readonly Told[], key: string) =>
  rows.every((row) => /^([−+]?\d|–$)/.test(String(row[key] ?? "–")));
