import { didYouMean, NotFoundError } from "../../core";
import type { View } from "../../experiments";
import { cauAblation } from "./cau-ablation";
import { cauAmount } from "./cau-amount";
import { cauBackbones } from "./cau-backbones";
import { cauBatchSize } from "./cau-batch-size";
import { cauDatasets } from "./cau-datasets";
import { cauMain } from "./cau-main";
import { cauPareto } from "./cau-pareto";
import { cauSampling } from "./cau-sampling";
import { cauTime } from "./cau-time";
import { cauTrajectory } from "./cau-trajectory";
import { ifruAblation } from "./ifru-ablation";
import { ifruAccuracy } from "./ifru-accuracy";
import { ifruAfter } from "./ifru-after";
import { ifruCompleteness } from "./ifru-completeness";
import { ifruConcurrent } from "./ifru-concurrent";
import { ifruDamping } from "./ifru-damping";
import { ifruHops } from "./ifru-hops";
import { ifruMargins } from "./ifru-margins";
import { ifruMeetsCau } from "./ifru-meets-cau";
import { ifruPruning } from "./ifru-pruning";
import { ifruStreams } from "./ifru-streams";
import { ifruTime } from "./ifru-time";
import { ifruValidity } from "./ifru-validity";
import { ifruValiditySessions } from "./ifru-validity-sessions";

const all = [
  ...[ifruAccuracy, ifruTime, ifruPruning, ifruHops, ifruAblation, ifruDamping, ifruCompleteness, ifruStreams],
  ...[ifruConcurrent, ifruValidity, ifruValiditySessions, ifruMargins, ifruAfter],
  ...[cauDatasets, cauBackbones, cauMain, cauTime],
  ...[cauAblation, cauSampling, cauBatchSize, cauAmount, cauTrajectory, cauPareto, ifruMeetsCau],
];

/** Every view, by name. A new one is a file here and a line above. */
export const views: Readonly<Record<string, View>> = Object.fromEntries(all.map((view) => [view.name, view]));

/**
 * A view, which is one table or figure with its runs, by its name.
 *
 * @throws NotFoundError for a view that does not exist, naming the nearest
 *
 * @example
 * viewNamed("ifru-accuracy").title; // what the table shows
 */
export function viewNamed(name: string): View {
  if (Object.hasOwn(views, name)) return views[name];
  throw new NotFoundError(`no experiment "${name}"`, { remedy: didYouMean(name, Object.keys(views)) });
}
