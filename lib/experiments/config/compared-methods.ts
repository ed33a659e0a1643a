/** The method that the others start from. */
export const startMethod = "original";
/** The method that the others are compared with. */
export const referenceMethod = "retrain";
/** The reference with another seed, which shows how far apart two of its models are. */
export const noiseFloorMethod = "retrain-again";
