import { afterEach, describe, expect, it, vi } from "vitest";
import { fineTune } from "../../../lib/baselines";
import { cau, sessionGradientAscent } from "../../../lib/cau";
import { itemInfluence, outputInfluence } from "../../../lib/ifru";
import { SessionModel } from "../../../lib/models";
import { sessionsMethods } from "../../../lib/reproduction/sessions/methods";
import type { SessionsContext } from "../../../lib/reproduction/sessions/types";

const original = SessionModel.initialise("gru4rec", 6, { embeddingSize: 4, maxLength: 3 });

/** An answer that touches one row of one parameter. */
const answer = {
  update: {
    kind: "rows",
    updates: [{ parameter: "itemEmbedding", rows: Int32Array.of(2), values: Float32Array.of(1, 2, 3, 4) }],
  },
  cost: { seconds: {}, gradientRows: 0, hessianVectorProducts: 0, incidentRows: null, rowsTouched: 1 },
  diagnostics: {
    ...{ steps: [], bestEpoch: 0, points: [], notForgotten: new Int32Array(0) },
    ...{ outputLayer: {}, embeddings: {}, embeddingDamping: {} },
  },
} as never;

const context = {
  config: { backbone: "gru4rec", options: { method: {} } },
  split: { valid: null },
  training: { options: {}, seed: 1 },
  request: {},
  prerequisite: () => ({ model: async () => original }),
} as unknown as SessionsContext;

const valuesOf = (model: SessionModel) =>
  model
    .parameters()
    .find(({ name }) => name === "itemEmbedding")!
    .values.subarray(8, 12);

describe("an answer that changes some rows", () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ["cau", cau],
    ["session-gradient-ascent", sessionGradientAscent],
    ["fine-tune", fineTune],
    ["output-influence", outputInfluence],
    ["item-influence", itemInfluence],
  ] as const)("is written into the model that %s returns, not into the original", async (name, method) => {
    const before = valuesOf(original).slice();
    vi.spyOn(method, "unlearn").mockResolvedValue(answer);
    const { model } = await sessionsMethods[name].run(context);
    expect(valuesOf(model as SessionModel)).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(valuesOf(original)).toEqual(before);
  });
});
