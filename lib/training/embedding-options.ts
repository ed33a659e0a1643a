import { numberOption, seedOption, wholeOption } from "../core";

/** What trainings of users' and items' embeddings are asked. */
export const embeddingFields = {
  embeddingSize: wholeOption("Of every user and item.", 48, 1),
  learningRate: numberOption("Adam's step size.", 1e-3, { above: 0 }),
  initialDeviation: numberOption("Standard deviation of the initial embeddings.", 1e-3, { min: 0 }),
  batchSize: wholeOption("Rows per step.", 2048, 1),
  epochs: wholeOption("The most epochs there may be: early stopping ends the training.", 5000, 1),
  patience: wholeOption("Epochs in a row without a better validation AUC that end the training.", 11, 1),
  seed: seedOption("Draws the initial embeddings and the batches.", 1024),
};
