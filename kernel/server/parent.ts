import { isAlive } from "../is-alive";

/** The process that takes over children whose parent has died. */
const init = 1;

/**
 * Whether whoever started this kernel is gone. A kernel may be started through wrappers, so that its parent is not the
 * process that `JPY_PARENT_PID` names: then only a change of parent counts. A parent that died before `parent` was read
 * shows as init, unless the one that is named lives on, or is init.
 *
 * @param parent `process.ppid` at the start
 */
export function isOrphan(
  parent: number,
  now: number = process.ppid,
  named = Number(process.env["JPY_PARENT_PID"]),
): boolean {
  if (now !== parent) return true;
  return parent === init && named > init && !isAlive(named);
}
