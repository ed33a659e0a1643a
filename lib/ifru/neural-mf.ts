import { numberOption, optionList, type OptionsOf, Stopwatch, withInitial } from "../core";
import { indexInteractions, requireForgetRows, rowCount } from "../data";
import { createWorkspace, tensorEngine } from "../engine";
import { type NeuralMf, neuralMfLoss, type NeuralMfTensors } from "../models";
import type { UnlearningMethod, UnlearningRequest, UnlearningResult } from "../training";
import { type Influence, influenceOf } from "./differentiable";
import type { DifferentiableProblem, RowLoss } from "./differentiable-system";
import { gatherLocalRows, type LocalRows } from "./local-rows";
import { ifruFields } from "./options";
import { resetOrphans } from "./orphans";
import { type NodeSelection, selectNodes } from "./selection";
import { rowsIn, rowUpdates } from "./solve";

/** The options of `ifruNeuralMf`. */
export const ifruNeuralMfOptions = optionList("ifruNeuralMf", {
  hops: numberOption(
    "Which embeddings may change: 0 for users and items of the forgotten rows, 1 for their neighbours too.",
    0,
    { min: 0, max: 1, integer: true },
  ),
  pruningRatio: ifruFields.pruningRatio,
  damping: numberOption("Lambda, relative to the mean loss over all training rows.", 1e-4, { min: 0 }),
  tolerance: withInitial(ifruFields.tolerance, 1e-2),
  iterations: withInitial(ifruFields.iterations, 100),
});

/** Options of `ifruNeuralMf`; defaults and ranges are in `ifruNeuralMfOptions`. */
export interface IfruNeuralMfOptions extends OptionsOf<typeof ifruNeuralMfOptions.fields> {}

/**
 * IFRU for a model without a closed form: the embeddings of selected users and items move, the layers stay, so that
 * only incident rows are read. Shows what `influenceOf` takes; another model's method differs in `lossOver` alone.
 */
export const ifruNeuralMf = {
  name: "ifru-neural-mf",

  description: {
    code: __filename,
    label: "IFRU",
    models: ["neural-mf"],
    options: ifruNeuralMfOptions,
    facts: ({ iterations, relativeResidual, converged }) => ({ iterations, relativeResidual, converged }),
  },

  /**
   * Forgets the rows of a request. There is nothing to prepare.
   *
   * @throws InvalidOptionError for unknown options
   * @throws NumericalError when lambda does not outweigh negative curvature
   * @throws CancelledError when the current signal is aborted
   * @example
   * const { model } = await fitNeuralMf(train, valid);
   * const { update } = await ifruNeuralMf.unlearn(model, request);
   */
  async unlearn(
    original: NeuralMf,
    request: UnlearningRequest,
    options?: Partial<IfruNeuralMfOptions>,
  ): Promise<UnlearningResult<NeuralMf, Influence>> {
    const resolved = ifruNeuralMfOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "ifru");
    const watch = new Stopwatch();
    const workspace = createWorkspace();
    try {
      const { index, selection, local } = watch.time("selection", () => {
        const index = indexInteractions(train);
        const selected = selectNodes(train, index, forgetRows, resolved);
        const { userEmbedding, itemEmbedding } = original.values;
        const tables = { userEmbedding, itemEmbedding, embeddingSize: original.embeddingSize };
        return {
          index,
          selection: selected,
          local: gatherLocalRows(tables, train, index, selected, forgetRows, workspace),
        };
      });
      const influence = await watch.timeAsync("solve", async () => {
        const problem = problemOf(selection, local, await lossOver(original, local));
        if (problem.retainedRows.length === 0) return standingStill(problem);
        // lambda is relative to all training rows, of which these are some
        const damping = (resolved.damping * rowCount(train)) / problem.retainedRows.length;
        const { tolerance, iterations } = resolved;
        return influenceOf(problem, { damping, tolerance, iterations });
      });
      const updates = watch.time("writeBack", () => {
        const moved = rowUpdates(original.values, selection, influence.change);
        return resetOrphans(moved, original.embeddingSize, train, index, forgetRows);
      });
      return {
        update: { kind: "rows", updates },
        cost: {
          seconds: watch.seconds(),
          gradientRows: forgetRows.length,
          hessianVectorProducts: influence.hessianVectorProducts,
          incidentRows: local.rows.length,
          rowsTouched: rowsIn(updates),
        },
        diagnostics: influence,
      };
    } finally {
      workspace.dispose();
    }
  },
} satisfies UnlearningMethod<NeuralMf, never, IfruNeuralMfOptions, Influence>;

/** The selected embeddings as parameters; rows are numbered as in `local`. */
function problemOf({ users, items }: NodeSelection, local: LocalRows, loss: RowLoss): DifferentiableProblem {
  const { p, q, width, forgotten } = local;
  const every = Int32Array.from(forgotten, (_, k) => k);
  return {
    parameters: [
      { shape: [users.length, width], values: p.subarray(0, users.length * width) },
      { shape: [items.length, width], values: q.subarray(0, items.length * width) },
    ],
    loss,
    retainedRows: every.filter((k) => forgotten[k] === 0),
    forgottenRows: every.filter((k) => forgotten[k] === 1),
  };
}

/** Where no row of any selected user or item stays, all of them are orphans, and there is no system to solve. */
function standingStill({ parameters }: DifferentiableProblem): Influence {
  const change = parameters.map(({ values }) => new Float32Array(values.length));
  return { change, iterations: 0, relativeResidual: 0, converged: true, hessianVectorProducts: 0 };
}

/**
 * The model's loss on local rows as a function of the selected embeddings; the other ends and the layers are constant.
 */
async function lossOver(model: NeuralMf, { p, q, width, user, item, label }: LocalRows): Promise<RowLoss> {
  const { tf } = await tensorEngine();
  const shapes = new Map(model.parameters().map(({ name, shape }) => [name, [...shape]]));
  return ([movedP, movedQ], rows) => {
    const whole = (moved: typeof movedP, table: Float32Array) =>
      tf.concat([moved, tf.tensor2d(table.subarray(moved.size), [(table.length - moved.size) / width, width])], 0);
    const constants = Object.fromEntries(
      Object.entries(model.values).map(([name, values]) => [name, tf.tensor(values, shapes.get(name))]),
    );
    const tensors = { ...constants, userEmbedding: whole(movedP, p), itemEmbedding: whole(movedQ, q) };
    const at = (column: Int32Array) => rows.map((k) => column[k]);
    return neuralMfLoss(
      tf,
      tensors as unknown as NeuralMfTensors,
      at(user),
      at(item),
      Float32Array.from(rows, (k) => label[k]),
    );
  };
}
