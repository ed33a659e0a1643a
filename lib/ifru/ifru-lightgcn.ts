import { Breather, nowMs, Stopwatch } from "../core";
import { type Interactions, requireForgetRows, requireValidationIds, rowCount, selectRows } from "../data";
import { createWorkspace, operations, type Workspace } from "../engine";
import { type LightGcn, Mf, withRows } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { calibrationFacts, dampingCalibration, influenceFacts } from "./influence-facts";
import { type GraphState, influenceGradient, spilloverRows, withoutEdges } from "./graph-influence";
import type { IfruDiagnostics } from "./ifru";
import { InfluenceSystem } from "./influence-system";
import { ifruLightGcnOptions, type IfruLightGcnOptions, resolveIfruLightGcnOptions } from "./lightgcn-options";
import { gatherLocalRows } from "./local-rows";
import { resetOrphans } from "./orphans";
import { solveAsPaper } from "./paper";
import { dampingOf, type IfruPrepared, type IndexedModel, indexModel, prepareInfluence } from "./prepare";
import type { Retrain } from "./probe";
import { PropagatedSystem } from "./propagated-system";
import { type NodeSelection, selectNodes } from "./selection";
import { rowsIn, rowUpdates, type Solution, solvePrincipled } from "./solve";

/** What is paid once per trained model. */
export interface IfruLightGcnPrepared extends IfruPrepared {
  /** The original's final embeddings. */
  readonly propagated: Mf;
}

/** `prepare` with a lambda to choose needs a way to train the model again; nothing else does. */
export interface IfruLightGcnPrepareOptions extends IfruLightGcnOptions {
  /** Trains a model as the original was trained, on other rows and for as many epochs: `refitLightGcn`. */
  retrain: Retrain<LightGcn>;
}

export interface IfruLightGcnDiagnostics extends IfruDiagnostics {
  /** Rows that stay and whose prediction the lost edges change, as far as they were counted. */
  readonly spilloverRows: number;
}

/** One request, once it is known what it involves. */
interface KnownRequest {
  readonly request: UnlearningRequest;
  readonly indexed: IndexedModel;
  readonly selection: NodeSelection;
  readonly before: GraphState;
  readonly after: GraphState;
  readonly spillover: Int32Array;
}

/**
 * IFRU for LightGCN: forgotten rows leave the loss (direct influence) and their edges leave the graph (spillover
 * influence); both right-hand sides and the curvature are closed forms through the propagation (`README.md`, equations
 * 9 to 11).
 */
export const ifruLightGcn = {
  name: "ifru",

  description: {
    code: __filename,
    label: "IFRU",
    models: ["lightgcn"],
    options: ifruLightGcnOptions,
    calibrates: dampingCalibration,
    calibrationFacts,
    facts: (diagnostics) => ({ ...influenceFacts(diagnostics), spilloverRows: diagnostics.spilloverRows }),
  },

  /**
   * Indexes the training rows, propagates once and chooses lambda. Paid once per trained model.
   *
   * @param train the rows the original was trained on
   * @param options needs `retrain` unless `damping` is a number or the mode is `"paper"`
   * @throws InvalidOptionError for unknown options or a missing `retrain`
   * @example
   * const fit = await fitLightGcn(train, valid);
   * const prepared = await ifruLightGcn.prepare(fit.model, train, { retrain: (rows) => refitLightGcn(fit, rows) });
   */
  async prepare(
    original: LightGcn,
    train: Interactions,
    options?: Partial<IfruLightGcnPrepareOptions>,
  ): Promise<IfruLightGcnPrepared> {
    const { retrain, ...given } = options ?? {};
    const resolved = resolveIfruLightGcnOptions(given);
    const start = nowMs();
    const propagated = original.propagated();
    const propagating = (nowMs() - start) / 1000;
    const prepared = await prepareInfluence(original, propagated, train, resolved, retrain, (model, request, ready) => {
      const own = { ...ready, propagated: model === original ? propagated : model.propagated() };
      return answer(model, request, { ...resolved, damping: "calibrated" }, own, true);
    });
    return { ...prepared, propagated, seconds: { propagating, ...prepared.seconds } };
  },

  /**
   * Forgets the rows of a request.
   *
   * @param options in paper mode `validation` is required: the rows whose AUC picks the iterate
   * @param prepared of the same model and training rows; without it rows are indexed here, at this request's cost
   * @throws InvalidArgumentError for rows that are not there, or what was prepared of another model or other rows
   * @throws InvalidOptionError for unknown options, or a lambda that was neither prepared nor given
   * @throws NumericalError when the system cannot be solved
   * @throws CancelledError when the current signal is aborted
   * @example
   * const prepared = await ifruLightGcn.prepare(lightGcn, train, { damping: 1e-4 });
   * const { update } = await ifruLightGcn.unlearn(lightGcn, request, {}, prepared);
   * const forgotten = applyUpdate(lightGcn, update);
   */
  async unlearn(
    original: LightGcn,
    request: UnlearningRequest,
    options?: Partial<IfruLightGcnOptions>,
    prepared?: IfruLightGcnPrepared,
  ): Promise<UnlearningResult<LightGcn, IfruLightGcnDiagnostics>> {
    return answer(original, request, resolveIfruLightGcnOptions(options), prepared);
  },
} satisfies UnlearningMethod<LightGcn, IfruLightGcnPrepared, IfruLightGcnOptions, IfruLightGcnDiagnostics>;

/**
 * @param isProbe whether lambda is being chosen, on the step alone: users and items of whom no row stays end at 0
 *   whatever lambda is, so that they are left to the step then
 */
async function answer(
  original: LightGcn,
  request: UnlearningRequest,
  resolved: IfruLightGcnOptions,
  prepared: IfruLightGcnPrepared | undefined,
  isProbe = false,
): Promise<UnlearningResult<LightGcn, IfruLightGcnDiagnostics>> {
  const damping = dampingOf(resolved, prepared);
  const { train } = request;
  const forgetRows = requireForgetRows(train, request.forgetRows, "ifru");
  prepared?.origin.require("ifru", train, original);
  requireValidationIds(train, resolved.validation);
  const breather = new Breather("unlearning with ifru");
  const watch = new Stopwatch();
  const workspace = createWorkspace();
  try {
    const before = { graph: original.graph, scored: prepared?.propagated ?? original.propagated() };
    const after = watch.time("graph", () => withoutEdges(original, before, selectRows(train, forgetRows)));
    const problem = watch.time("selection", (): KnownRequest => {
      const indexed = prepared ?? indexModel(before.scored, train);
      const { index } = indexed;
      const selection = selectNodes(train, index, forgetRows, resolved);
      const spillover = spilloverRows(train, index, forgetRows, before.graph, after.graph, resolved);
      return { request: { ...request, forgetRows }, indexed, selection, before, after, spillover };
    });
    const system = watch.time("gradient", () => systemOf(original, problem, resolved, damping, workspace));
    const solution = await watch.timeAsync("solve", () => {
      if (system instanceof PropagatedSystem || resolved.mode === "principled")
        return solvePrincipled(system, resolved, breather);
      return solveAsPaper(original, system, problem.selection, resolved, workspace, breather);
    });
    const updates = watch.time("writeBack", () => {
      const moved = rowUpdates(original, problem.selection, solution.change);
      if (isProbe || resolved.mode === "paper") return moved;
      return resetOrphans(moved, original.embeddingSize, train, problem.indexed.index, forgetRows);
    });
    return {
      update: resolved.replaceGraph
        ? { kind: "model", model: withRows(original, updates).withGraph(after.graph) }
        : { kind: "rows", updates },
      cost: {
        seconds: watch.seconds(),
        gradientRows: forgetRows.length + 2 * problem.spillover.length,
        hessianVectorProducts: system.products,
        incidentRows: system.local.rows.length,
        rowsTouched: rowsIn(updates),
      },
      diagnostics: diagnosticsOf(resolved, damping, problem, system, solution),
    };
  } finally {
    workspace.dispose();
  }
}

/** The system of a request over the selected layer-0 embeddings, with the curvature that the options ask for. */
function systemOf(
  original: LightGcn,
  { request, indexed: { index, axes }, selection, before, after, spillover }: KnownRequest,
  options: IfruLightGcnOptions,
  damping: number | null,
  workspace: Workspace,
): PropagatedSystem | InfluenceSystem {
  const { train, forgetRows } = request;
  const { embeddingSize: width, layerCount } = original;
  const rightHandSide = influenceGradient(original, before, after, train, forgetRows, spillover, selection, workspace);
  const ridge = (damping ?? 0) * rowCount(train);
  if (options.hessian === "propagated") {
    const state = options.replaceGraph ? after : before;
    const problem = { train, index, axes, forgetRows, state, layerCount, selection, rightHandSide, ridge };
    return new PropagatedSystem(problem, workspace);
  }
  const layer0 = new Mf(original.userEmbedding, original.itemEmbedding, width);
  const local = gatherLocalRows(layer0, train, index, selection, forgetRows, workspace);
  const form = { curvature: damping === null ? "exact" : "gauss-newton", ridge, axes, rightHandSide } as const;
  return new InfluenceSystem(local, form, operations(), workspace);
}

function diagnosticsOf(
  { mode }: IfruLightGcnOptions,
  damping: number | null,
  { request, selection, spillover }: KnownRequest,
  { local }: PropagatedSystem | InfluenceSystem,
  { iterations, relativeResidual, converged, bestStep }: Solution,
): IfruLightGcnDiagnostics {
  const trainRows = rowCount(request.train);
  return {
    mode,
    selectedUsers: selection.users.length,
    selectedItems: selection.items.length,
    incidentShare: trainRows === 0 ? 0 : local.rows.length / trainRows,
    spilloverRows: spillover.length,
    ...{ iterations, relativeResidual, converged, damping, bestStep },
  };
}
