/**
 * Signals all that this process's group holds, itself included: what cells have started and left. Those who start
 * kernels make each the leader of a group of its own; where it is not, nothing is signalled.
 */
export function signalGroup(signal: NodeJS.Signals): void {
  if (process.platform === "win32") return;
  try {
    process.kill(-process.pid, signal);
  } catch {
    // It leads no group.
  }
}
