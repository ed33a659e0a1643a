import type { Operations, RawOperations } from "../operations";
import { checkAdam } from "./adam";
import { checkMatrix } from "./matrix";
import { checkMf } from "./mf";
import { checkNetwork } from "./network";
import { checkVector } from "./vector";

/**
 * An implementation behind checks of every shape and id, so that both implementations refuse the same and neither reads
 * or writes where it should not.
 */
export function withChecks(raw: RawOperations): Operations {
  return { ...checkVector(raw), ...checkMatrix(raw), ...checkMf(raw), ...checkAdam(raw), ...checkNetwork(raw) };
}
