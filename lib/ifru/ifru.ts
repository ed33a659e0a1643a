import { Breather, Stopwatch } from "../core";
import { type Interactions, requireForgetRows, requireValidationIds, rowCount } from "../data";
import { createWorkspace, operations, type Workspace } from "../engine";
import type { Mf } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { calibrationFacts, dampingCalibration, influenceFacts } from "./influence-facts";
import { InfluenceSystem } from "./influence-system";
import { gatherLocalRows, type LocalRows } from "./local-rows";
import { ifruOptions, type IfruOptions } from "./options";
import { resetOrphans } from "./orphans";
import { solveAsPaper } from "./paper";
import { dampingOf, type IfruPrepared, indexModel, prepareInfluence } from "./prepare";
import type { Retrain } from "./probe";
import { type NodeSelection, selectNodes } from "./selection";
import { rowsIn, rowUpdates, type Solution, solvePrincipled } from "./solve";

export interface IfruDiagnostics {
  readonly mode: IfruOptions["mode"];
  readonly selectedUsers: number;
  readonly selectedItems: number;
  /** Share of the training rows that are incident, in [0, 1]. */
  readonly incidentShare: number;
  /** Conjugate-gradient iterations, or Adam steps in paper mode. */
  readonly iterations: number;
  /**
   * |g - A x| / |g| of what is returned, recomputed. In paper mode it shows how far the system is from being solved.
   */
  readonly relativeResidual: number;
  readonly converged: boolean;
  /** Lambda, or `null` in paper mode. */
  readonly damping: number | null;
  /** The step whose iterate was kept, in paper mode. */
  readonly bestStep: number | null;
}

/** `prepare` with a lambda to choose needs a way to train the model again; nothing else does. */
export interface IfruPrepareOptions extends IfruOptions {
  /**
   * Trains a model as the original was trained, on other rows and for as many epochs; `refit` of the training area
   * does.
   */
  retrain: Retrain<Mf>;
}

/**
 * IFRU for matrix factorisation: the change that forgetting some training rows makes to the parameters, estimated by
 * one Newton step (`README.md`, equations 1 to 8). It reads the incident rows of a request and nothing else.
 */
export const ifru = {
  name: "ifru",

  description: {
    code: __filename,
    label: "IFRU",
    models: ["mf"],
    options: ifruOptions,
    calibrates: dampingCalibration,
    calibrationFacts,
    facts: influenceFacts,
  },

  /**
   * Indexes the training rows and chooses lambda on them. Paid once per trained model.
   *
   * @param train the rows the original was trained on
   * @param options needs `retrain` unless `damping` is a number or the mode is `"paper"`
   * @throws InvalidOptionError for unknown options or a missing `retrain`
   * @example
   * const fit = await fitMf(train, valid);
   * const prepared = await ifru.prepare(fit.model, train, { retrain: (rows) => refitMf(fit, rows) });
   */
  async prepare(original: Mf, train: Interactions, options?: Partial<IfruPrepareOptions>): Promise<IfruPrepared> {
    const { retrain, ...given } = options ?? {};
    const resolved = ifruOptions.resolve(given);
    return prepareInfluence(original, original, train, resolved, retrain, (model, request, prepared) =>
      this.unlearn(model, request, { ...resolved, damping: "calibrated" }, prepared),
    );
  },

  /**
   * Forgets the rows of a request.
   *
   * @param options in paper mode `validation` is required: the rows whose AUC picks the iterate
   * @param prepared of the same model and training rows; without it the rows are indexed here, at this request's cost
   * @throws InvalidArgumentError for rows that are not there, or what was prepared of another model or other rows
   * @throws InvalidOptionError for unknown options, or a lambda that was neither prepared nor given
   * @throws NumericalError when the system cannot be solved
   * @throws CancelledError when the current signal is aborted
   * @example
   * const request = { name: "user 405", train, forgetRows: userRows(train, train.users.toDense("405")) };
   * const { update, cost } = await ifru.unlearn(fit.model, request, {}, prepared);
   * const forgotten = applyUpdate(fit.model, update);
   */
  async unlearn(
    original: Mf,
    request: UnlearningRequest,
    options?: Partial<IfruOptions>,
    prepared?: IfruPrepared,
  ): Promise<UnlearningResult<Mf, IfruDiagnostics>> {
    const resolved = ifruOptions.resolve(options);
    const damping = dampingOf(resolved, prepared);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "ifru");
    prepared?.origin.require("ifru", train, original);
    requireValidationIds(train, resolved.validation);
    const watch = new Stopwatch();
    const workspace = createWorkspace();
    try {
      const { selection, local, axes, index } = watch.time("selection", () => {
        const indexed = prepared ?? indexModel(original, train);
        const selected = selectNodes(train, indexed.index, forgetRows, resolved);
        const rows = gatherLocalRows(original, train, indexed.index, selected, forgetRows, workspace);
        return { selection: selected, local: rows, axes: indexed.axes, index: indexed.index };
      });
      const system = watch.time("gradient", () => {
        const curvature = damping === null ? "exact" : "gauss-newton";
        const form = { curvature, ridge: (damping ?? 0) * rowCount(train), axes } as const;
        return new InfluenceSystem(local, form, operations(), workspace);
      });
      const solution = await watch.timeAsync("solve", () => solve(original, system, selection, resolved, workspace));
      const updates = watch.time("writeBack", () => {
        const moved = rowUpdates(original, selection, solution.change);
        if (resolved.mode === "paper") return moved;
        return resetOrphans(moved, original.embeddingSize, train, index, forgetRows);
      });
      return {
        update: { kind: "rows", updates },
        cost: {
          seconds: watch.seconds(),
          gradientRows: forgetRows.length,
          hessianVectorProducts: system.products,
          incidentRows: local.rows.length,
          rowsTouched: rowsIn(updates),
        },
        diagnostics: diagnosticsOf(resolved, damping, selection, local, rowCount(train), solution),
      };
    } finally {
      workspace.dispose();
    }
  },
} satisfies UnlearningMethod<Mf, IfruPrepared, IfruOptions, IfruDiagnostics>;

async function solve(
  original: Mf,
  system: InfluenceSystem,
  selection: NodeSelection,
  options: IfruOptions,
  workspace: Workspace,
): Promise<Solution> {
  const breather = new Breather("unlearning with ifru");
  if (options.mode === "principled") return solvePrincipled(system, options, breather);
  return solveAsPaper(original, system, selection, options, workspace, breather);
}

function diagnosticsOf(
  options: IfruOptions,
  damping: number | null,
  selection: NodeSelection,
  local: LocalRows,
  trainRows: number,
  solution: Solution,
): IfruDiagnostics {
  return {
    mode: options.mode,
    selectedUsers: selection.users.length,
    selectedItems: selection.items.length,
    incidentShare: trainRows === 0 ? 0 : local.rows.length / trainRows,
    iterations: solution.iterations,
    relativeResidual: solution.relativeResidual,
    converged: solution.converged,
    damping,
    bestStep: solution.bestStep,
  };
}
