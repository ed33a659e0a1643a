import {
  datasetFiles,
  loadSessionDataset,
  prefixSamples,
  selectSessions,
  sessionCount,
  type SessionDataset,
  type Sessions,
} from "recsys-unlearning/data";
import { mean, recallAt, targetRanks } from "recsys-unlearning/metrics";
import type { SessionModelKind } from "recsys-unlearning/models";
import { type FitSessionOptions, refitSessionModel } from "recsys-unlearning/training";
import { timed, type Works } from "./works";

const name = "amazon-beauty";

/** The sessions of Amazon Beauty, or `null` where they are not on this machine. */
export async function beauty(): Promise<SessionDataset | null> {
  return (await datasetFiles(name)).length === 0 ? null : loadSessionDataset(name);
}

/** Every fourth session: an epoch of all would take a minute. */
export function onePart(sessions: Sessions): Sessions {
  return selectSessions(
    sessions,
    Int32Array.from({ length: Math.ceil(sessionCount(sessions) / 4) }, (_, k) => 4 * k),
  );
}

/** Ours: an epoch on some sessions from the first step on, and the test targets ranked among all items. */
export async function ourSessionWorks<K extends SessionModelKind>(
  kind: K,
  { test }: SessionDataset,
  train: Sessions,
  options: Partial<FitSessionOptions[K]>,
): Promise<Works> {
  const { value: model, work: epoch } = await timed(() => refitSessionModel(kind, train, 1, options));
  const { value: ranks, work: evaluation } = await timed(() => targetRanks(model, prefixSamples(test)));
  return { epoch, evaluation: { ...evaluation, measures: { "recall@20": mean(recallAt(20, ranks)) ?? NaN } } };
}
