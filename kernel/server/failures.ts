import { types } from "node:util";
import type { ErrorContent } from "../protocol/message";
import type { Kept } from "./evaluator";

/** Says of a cell that declares variables and did not run to its end which of them there are now. */
export function withKept(error: ErrorContent, { set, missing }: Kept): ErrorContent {
  if (set.length === 0) return error;
  const not = missing.length === 0 ? "" : `; not set: ${missing.join(", ")}`;
  return { ...error, traceback: [...error.traceback, "", `kept of this cell: ${set.join(", ")}${not}`] };
}

/** Whether Node itself ended a synchronous cell, upon a signal from outside. */
export function isSignalled(error: unknown): boolean {
  return types.isNativeError(error) && (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
