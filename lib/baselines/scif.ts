import {
  Breather,
  byMode,
  givenOption,
  modeOption,
  numberOption,
  optionList,
  type OptionsOf,
  Stopwatch,
  wholeOption,
  wordOption,
} from "../core";
import { type Interactions, requireForgetRows, requireValidationIds, retainedRows, rowCount } from "../data";
import { createWorkspace, operations, type Workspace } from "../engine";
import {
  type BlockVector,
  gatherLocalRows,
  type IndexedModel,
  indexModel,
  InfluenceSystem,
  type LocalRows,
  RowSums,
  rowUpdates,
  type PrincipalAxes,
  selectNodes,
  solveAsPaper,
  solvePrincipled,
} from "../ifru";
import type { Mf } from "../models";
import { PreparedOrigin, type UnlearningMethod, type UnlearningRequest, type UnlearningResult } from "../training";

/** The options of `scif`. */
export const scifOptions = optionList("scif", {
  mode: modeOption("`principled`: as SCIF's paper has it. `paper`: SCIF as IFRU's release has it."),
  rows: wordOption(
    "Whose embeddings change: `users` as in SCIF's paper, or `both` as released.",
    ["users", "both"],
    byMode("users", "both"),
  ),
  trainingGradient: wordOption(
    "What the training loss's own gradient adds, which is not 0 at an early-stopped point: `none`, as influence " +
      "functions have it; `ascend`, the release's sign; `descend`, a Newton step's sign, which trains on past the stop.",
    ["descend", "ascend", "none"],
    byMode("none", "ascend"),
  ),
  damping: numberOption(
    "Principled mode: lambda, relative to the mean loss; IFRU's calibrated one serves as well.",
    3e-5,
    { above: 0 },
  ),
  tolerance: numberOption("Principled mode: stop when the relative residual is below this.", 1e-3, { above: 0 }),
  iterations: wholeOption("Principled mode: the most conjugate-gradient iterations.", 200, 1),
  stepSize: numberOption(
    "Paper mode: Adam's step, per parameter, already divided by the number of training rows.",
    0.00099,
    { above: 0 },
  ),
  steps: wholeOption("Paper mode: the most Adam steps.", 5000, 1),
  patience: wholeOption("Paper mode: consecutive steps without a better validation AUC before it stops.", 11, 1),
  validation: givenOption<Interactions | null>("Paper mode: the rows whose AUC picks the iterate.", null),
});

/** Options of `scif`; defaults and ranges are in `scifOptions`. */
export interface ScifOptions extends OptionsOf<typeof scifOptions.fields> {}

export interface ScifDiagnostics {
  readonly mode: ScifOptions["mode"];
  readonly iterations: number;
  /** |g - A x| / |g| of what is returned. */
  readonly relativeResidual: number;
  readonly converged: boolean;
  /** The step whose iterate was kept, in paper mode. */
  readonly bestStep: number | null;
}

/** What is paid once per trained model. */
export interface ScifPrepared extends IndexedModel {
  /** The model and the rows it was made of. */
  readonly origin: PreparedOrigin;
}

/**
 * SCIF (Li et al., 2023, arXiv 2304.10199) for matrix factorisation: forgotten rows are not dropped but get the mean
 * label of their user, and one influence step moves the parameters to where that objective has its optimum
 * (`README.md`, SCIF).
 */
export const scif = {
  name: "scif",

  description: {
    code: __filename,
    label: "SCIF",
    models: ["mf"],
    options: scifOptions,
    facts: ({ iterations, relativeResidual, converged, bestStep }) => ({
      ...{ iterations, relativeResidual, converged, bestStep },
    }),
  },

  /**
   * Indexes the model and its training rows. Paid once per trained model.
   *
   * @example
   * const prepared = await scif.prepare(model, train);
   */
  async prepare(original: Mf, train: Interactions): Promise<ScifPrepared> {
    return { ...indexModel(original, train), origin: new PreparedOrigin(train, original) };
  },

  /**
   * Forgets the rows of a request.
   *
   * @param options in paper mode `validation` is required: the rows whose AUC picks the iterate
   * @param prepared of the same model and training rows; without it they are indexed here, at this request's cost
   * @throws InvalidArgumentError for rows that are not there, or what was prepared of another model or other rows
   * @throws InvalidOptionError for unknown options, or paper mode without validation rows
   * @throws NumericalError when the system cannot be solved
   * @throws CancelledError when the current signal is aborted
   * @example
   * const { update } = await scif.unlearn(model, request, {}, await scif.prepare(model, train));
   * const forgotten = applyUpdate(model, update);
   */
  async unlearn(
    original: Mf,
    request: UnlearningRequest,
    options?: Partial<ScifOptions>,
    prepared?: ScifPrepared,
  ): Promise<UnlearningResult<Mf, ScifDiagnostics>> {
    const resolved = scifOptions.resolve(options);
    const breather = new Breather("unlearning with scif");
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "scif");
    prepared?.origin.require("scif", train, original);
    requireValidationIds(train, resolved.validation);
    const watch = new Stopwatch();
    const workspace = createWorkspace();
    try {
      const { selection, local, axes } = watch.time("selection", () => {
        const { index, ...indexed } = prepared ?? indexModel(original, train);
        const both = selectNodes(train, index, forgetRows, { hops: 0, pruningRatio: 0 });
        const selected = resolved.rows === "both" ? both : { ...both, items: new Int32Array(0) };
        const rows = gatherLocalRows(original, train, index, selected, new Int32Array(0), workspace);
        return { selection: selected, local: rows, axes: indexed.axes };
      });
      const system = watch.time("gradient", () =>
        systemOf(local, axes, { ...request, forgetRows }, resolved, workspace),
      );
      const { change, ...solution } = await watch.timeAsync("solve", () =>
        resolved.mode === "principled"
          ? solvePrincipled(system, resolved, breather)
          : solveAsPaper(original, system, selection, resolved, workspace, breather),
      );
      const updates = watch.time("writeBack", () => rowUpdates(original, selection, change));
      return {
        update: { kind: "rows", updates },
        cost: {
          seconds: watch.seconds(),
          gradientRows: resolved.trainingGradient === "none" ? forgetRows.length : local.rows.length,
          hessianVectorProducts: system.products,
          incidentRows: local.rows.length,
          rowsTouched: selection.users.length + selection.items.length,
        },
        diagnostics: { mode: resolved.mode, ...solution },
      };
    } finally {
      workspace.dispose();
    }
  },
} satisfies UnlearningMethod<Mf, ScifPrepared, ScifOptions, ScifDiagnostics>;

/** Forgotten rows stay, with other labels, so the matrix is summed over all rows. */
function systemOf(
  local: LocalRows,
  axes: PrincipalAxes,
  request: UnlearningRequest,
  options: ScifOptions,
  workspace: Workspace,
): InfluenceSystem {
  const rightHandSide = scifGradient(local, request, options.trainingGradient, workspace);
  const form =
    options.mode === "paper"
      ? ({ curvature: "exact", ridge: 0 } as const)
      : ({ curvature: "gauss-newton", ridge: options.damping * rowCount(request.train) } as const);
  return new InfluenceSystem(local, { ...form, axes, rightHandSide }, operations(), workspace);
}

/**
 * grad(forgotten rows, their labels) - grad(forgotten rows, mean labels) -/+ grad(all rows): with respect to a score
 * these are (sigmoid - y) - (sigmoid - mean) = mean - y for a forgotten row, and sigmoid - y for any row.
 */
export function scifGradient(
  local: LocalRows,
  { train, forgetRows }: UnlearningRequest,
  trainingGradient: ScifOptions["trainingGradient"],
  workspace: Workspace,
): BlockVector {
  const { p, q, user, item, label, width, rows } = local;
  const [residual, curvature] = [workspace.float32(rows.length), workspace.float32(rows.length)];
  operations().mfDerivatives(p, q, user, item, label, width, residual, curvature);
  const sign = forgetRows.length === 0 ? 0 : { descend: -1, ascend: 1, none: 0 }[trainingGradient];
  const meanLabel = meanLabels(train, forgetRows);
  rows.forEach((row, k) => {
    const mean = meanLabel.get(row);
    residual[k] = sign * residual[k] + (mean === undefined ? 0 : mean - label[k]);
  });
  const { pointers } = local;
  const gradient = [pointers.user, pointers.item].map((starts) => workspace.float32((starts.length - 1) * width));
  new RowSums(local, operations(), workspace).gradient(residual, gradient);
  return gradient;
}

/** For each forgotten row the mean label of its user's rows that stay; of its item's where there are none; else 1/2. */
export function meanLabels(train: Interactions, forgetRows: Int32Array): Map<number, number> {
  const users = new RunningMeans(train.userCount);
  const items = new RunningMeans(train.itemCount);
  for (const row of retainedRows(train, forgetRows)) {
    users.add(train.user[row], train.label[row]);
    items.add(train.item[row], train.label[row]);
  }
  return new Map(
    Array.from(forgetRows, (row) => [row, users.mean(train.user[row]) ?? items.mean(train.item[row]) ?? 0.5]),
  );
}

class RunningMeans {
  private readonly sums: Float64Array;
  private readonly counts: Int32Array;

  constructor(ids: number) {
    this.sums = new Float64Array(ids);
    this.counts = new Int32Array(ids);
  }

  add(id: number, value: number): void {
    this.sums[id] += value;
    this.counts[id]++;
  }

  mean(id: number): number | undefined {
    return this.counts[id] === 0 ? undefined : this.sums[id] / this.counts[id];
  }
}
