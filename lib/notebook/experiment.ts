import { announce, didYouMean, NotFoundError } from "../core";
import type { ExperimentResult, Preset } from "../experiments";
import { builtInParts, experimentResult } from "../reproduction";
import { circumstancesOf, type Figure, rowLabel, viewFigures } from "../figures";
import { type Table, table } from "../tables";
import { markdown } from "./content";
import { display } from "./display";
import { Finding } from "./finding";

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

/** An experiment in a notebook: its table, its figures, and small tables of what its records say. */
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
      for (const [key, figure] of found) {
        if (key !== name) display(markdown(`*${figure.caption}*`));
        display(figure);
      }
    }
  }

  /** What the records say, by circumstance. */
  get findings(): readonly Finding[] {
    return circumstancesOf(this.result.summary, builtInParts).map((one) => new Finding(one, this.result));
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

/** What stands in a row of findings, by column. */
export type Told = Readonly<Record<string, string | number>>;

const isOfNumbers = (rows: readonly Told[], key: string) =>
  rows.every((row) => /^([−+]?\d|–$)/.test(String(row[key] ?? "–")));
