import { Breather, InvalidOptionError, nowMs, ProgressTask, Stopwatch } from "../core";
import { indexInteractions, type InteractionIndex, type Interactions, rowCount } from "../data";
import { createWorkspace, operations, type Workspace } from "../engine";
import type { Mf, RowUpdate } from "../models";
import { applyUpdate, type UnlearningMethod, type UnlearningRequest, type UnlearningResult } from "../training";
import { type BlockVector, conjugateGradient } from "./conjugate-gradient";
import { calibrateDamping, type Calibration, type Retrain } from "./damping";
import { InfluenceSystem } from "./influence-system";
import { gatherLocalRows, type LocalRows } from "./local-rows";
import { type IfruOptions, resolveIfruOptions } from "./options";
import { solveAsPaper } from "./paper";
import { incidentRows, type Selection, selectNodes } from "./selection";

/** What is paid once per trained model. */
export interface IfruPrepared {
  /** The training rows by user and by item. */
  readonly index: InteractionIndex;
  /** Lambda, as chosen on training rows or as given; `null` in paper mode. */
  readonly damping: number | null;
  /** How lambda was chosen; `null` when it was given or is not needed. */
  readonly calibration: Calibration | null;
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

export interface IfruDiagnostics {
  readonly mode: IfruOptions["mode"];
  readonly selectedUsers: number;
  readonly selectedItems: number;
  /** Share of the training rows that are incident, in [0, 1]. */
  readonly incidentShare: number;
  /** Conjugate-gradient iterations, or Adam steps in paper mode. */
  readonly iterations: number;
  /** |g - A x| / |g| of what is returned, recomputed. In paper mode it shows how far the system is from being solved. */
  readonly relativeResidual: number;
  readonly converged: boolean;
  /** Lambda, or `null` in paper mode. */
  readonly damping: number | null;
  /** The step whose iterate was kept, in paper mode. */
  readonly bestStep: number | null;
}

/** What a solver returns, whichever it is. */
export interface Solution {
  /** The change of the selected embeddings, `[user block, item block]`. */
  readonly change: BlockVector;
  readonly iterations: number;
  readonly relativeResidual: number;
  readonly converged: boolean;
  readonly bestStep: number | null;
}

/** `prepare` with a lambda to choose needs a way to train the model again; nothing else does. */
export interface IfruPrepareOptions extends IfruOptions {
  /** Trains a model as the original was trained, on other rows and for as many epochs; `refit` of the training area does. */
  retrain: Retrain;
}

async function solvePrincipled(system: InfluenceSystem, options: IfruOptions, breather: Breather): Promise<Solution> {
  const task = new ProgressTask("solving the influence system", null, "iterations");
  try {
    const { solution, ...rest } = await conjugateGradient(system, system.rightHandSide, {
      tolerance: options.tolerance,
      iterations: options.iterations,
      breathe: async (iteration, residual) => {
        task.update(iteration, `residual ${residual.toExponential(1)}`);
        await breather.breathe();
      },
    });
    return { change: solution, bestStep: null, ...rest };
  } finally {
    task.finish();
  }
}

/** The new values of the selected rows of one embedding table. */
function rowUpdate(parameter: string, ids: Int32Array, embeddings: Float32Array, change: Float32Array): RowUpdate {
  const values = change.map((delta, i) => embeddings[i] + delta);
  return { parameter, rows: ids, values };
}

/** Lambda of a request: given, or as prepared. @throws InvalidOptionError when neither is there */
function dampingOf(options: IfruOptions, prepared: IfruPrepared | undefined): number {
  const damping = options.damping === "calibrated" ? prepared?.damping : options.damping;
  if (damping !== undefined && damping !== null) return damping;
  throw new InvalidOptionError('damping is "calibrated", but nothing was prepared', {
    where: "ifru",
    remedy: "pass what ifru.prepare(original, train, { retrain }) returns, or give a number such as 3e-5",
  });
}

/**
 * IFRU for matrix factorisation: the change that forgetting some training rows makes to the parameters, estimated by one Newton
 * step (`README.md`, equations 1 to 8). It reads the incident rows of a request and nothing else.
 */
export const ifru = {
  name: "ifru",

  /**
   * Indexes the training rows and chooses lambda on them. Paid once per trained model.
   *
   * @param train the rows the original was trained on
   * @param options needs `retrain` unless `damping` is a number or the mode is `"paper"`
   * @throws InvalidOptionError for unknown options or a missing `retrain`
   */
  async prepare(original: Mf, train: Interactions, options?: Partial<IfruPrepareOptions>): Promise<IfruPrepared> {
    const { retrain, ...given } = options ?? {};
    const resolved = resolveIfruOptions(given);
    const start = nowMs();
    const index = indexInteractions(train);
    const indexing = (nowMs() - start) / 1000;
    const ready = { index, calibration: null, seconds: { indexing } };
    if (resolved.mode === "paper") return { ...ready, damping: null };
    if (resolved.damping !== "calibrated") return { ...ready, damping: resolved.damping };
    if (retrain === undefined)
      throw new InvalidOptionError('damping is "calibrated", which needs "retrain"', {
        where: "ifru.prepare",
        remedy: "pass retrain, or give damping a number such as 3e-5",
      });
    const calibration = await calibrateDamping(original, train, resolved.seed, retrain, async (forgetRows, damping) => {
      const request = { name: "probe", train, forgetRows };
      const { update } = await this.unlearn(original, request, { ...resolved, damping }, { ...ready, damping });
      return applyUpdate(original, update);
    });
    return { index, damping: calibration.damping, calibration, seconds: { indexing, ...calibration.seconds } };
  },

  /**
   * Forgets the rows of a request.
   *
   * @param prepared of the same model and training rows; without it the rows are indexed here, at this request's cost
   * @throws InvalidOptionError for unknown options, or a lambda that was neither prepared nor given
   * @throws NumericalError when the system cannot be solved
   * @throws CancelledError when the current signal is aborted
   */
  async unlearn(
    original: Mf,
    request: UnlearningRequest,
    options?: Partial<IfruOptions>,
    prepared?: IfruPrepared,
  ): Promise<UnlearningResult<Mf, IfruDiagnostics>> {
    const resolved = resolveIfruOptions(options);
    const damping = resolved.mode === "paper" ? null : dampingOf(resolved, prepared);
    const { train, forgetRows } = request;
    const watch = new Stopwatch();
    const workspace = createWorkspace();
    try {
      const { selection, local } = watch.time("selection", () => {
        const index = prepared?.index ?? indexInteractions(train);
        const selected = selectNodes(train, index, forgetRows, resolved);
        const rows = incidentRows(train, index, selected);
        return { selection: selected, local: gatherLocalRows(original, train, rows, selected, workspace) };
      });
      const system = watch.time("gradient", () => {
        const forgotten = new Set(forgetRows);
        const curvature = damping === null ? "exact" : "gauss-newton";
        const form = { curvature, ridge: (damping ?? 0) * rowCount(train) } as const;
        return new InfluenceSystem(local, selection, (row) => forgotten.has(row), form, operations(), workspace);
      });
      const solution = await watch.timeAsync("solve", () => solve(original, system, selection, resolved, workspace));
      const updates = watch.time("writeBack", () => [
        rowUpdate("userEmbedding", selection.users, local.p, solution.change[0]),
        rowUpdate("itemEmbedding", selection.items, local.q, solution.change[1]),
      ]);
      return {
        update: { kind: "rows", updates },
        cost: {
          seconds: watch.seconds(),
          gradientRows: forgetRows.length,
          hessianVectorProducts: system.products,
          incidentRows: local.rows.length,
          rowsTouched: selection.users.length + selection.items.length,
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
  selection: Selection,
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
  selection: Selection,
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
