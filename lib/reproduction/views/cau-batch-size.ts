import type { View } from "../../experiments";
import { paperCau, sessionGrids, sessionMetrics, sessionReferences, sweptCases } from "./session-grids";

const sizes = [16, 64, 256];
const sameEpochs = 4;

/** No epoch is chosen by validation here, or its choice would undo what is compared. */
const run = (batchSize: number, epochs: number) => paperCau({ batchSize, epochs, select: "last" });

/** As many epochs for every size; and as many steps, which takes more epochs of large batches. A run may be in both. */
const equalEpochs = sizes.map((size) => run(size, sameEpochs));
const equalSteps = sizes.map((size) => run(size, size / sizes[0]));

/** Are smaller batches better, or only more steps? */
export const cauBatchSize: View = {
  name: "cau-batch-size",
  title: "CAU by batch size",
  metrics: sessionMetrics,
  columns: [
    { of: "method", option: "batchSize", label: "batch" },
    { of: "method", option: "epochs" },
  ],
  lines: [
    { label: `${sameEpochs} epochs`, methods: equalEpochs },
    { label: "equal steps", methods: equalSteps },
  ],
  timing: true,
  grids: sessionGrids({ methods: [...sessionReferences, ...equalEpochs, ...equalSteps], cases: sweptCases }),
};
