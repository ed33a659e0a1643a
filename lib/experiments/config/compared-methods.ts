/** The method that the others start from, */
export const startMethod = "original";
/** the one that they are compared with, and the one that shows how far apart two of its models are. */
export const referenceMethod = "retrain";
export const noiseFloorMethod = "retrain-again";
