import type { RatingsMethod } from "../types";
import { cauMfMethod } from "./cau-mf";
import { gradientAscentCalibration, gradientAscentMethod } from "./gradient-ascent";
import { ifruCalibration, ifruMethod } from "./ifru";
import { scifMethod } from "./scif";
import { recEraserMethod, recEraserShards, sisaMethod, sisaShards } from "./sharded";

/** The methods of ratings beside those that every task has, by name; calibrations and shards serve the others. */
export const ratingsMethods: Readonly<Record<string, RatingsMethod>> = {
  ifru: ifruMethod,
  "ifru-calibration": ifruCalibration,
  sisa: sisaMethod,
  "sisa-shards": sisaShards,
  receraser: recEraserMethod,
  "receraser-shards": recEraserShards,
  scif: scifMethod,
  "cau-mf": cauMfMethod,
  "gradient-ascent": gradientAscentMethod,
  "gradient-ascent-calibration": gradientAscentCalibration,
};
