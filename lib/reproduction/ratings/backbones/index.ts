import type { RatingsBackbone } from "../types";
import { lightgcn } from "./lightgcn";
import { mf } from "./mf";
import { neuralMf } from "./neural-mf";

/** The models of ratings, by name. */
export const ratingsBackbones: Readonly<Record<string, RatingsBackbone>> = { mf, lightgcn, "neural-mf": neuralMf };
