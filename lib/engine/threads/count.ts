import { availableParallelism } from "node:os";
import { requireNumber } from "../../core";

/** What the control block and the builds of OpenBLAS have room for at least. */
const mostThreads = 64;

/**
 * How many threads compute one operation, this one among them: `RECSYS_THREADS`, else the machine's cores. No result of
 * `wasm` depends on it.
 *
 * @throws InvalidOptionError when the variable is no whole number from 1 to 64
 * @example
 * threadCount(); // 8 on a machine of eight cores
 */
export function threadCount(): number {
  const asked = process.env["RECSYS_THREADS"];
  if (asked === undefined || asked === "") return Math.min(mostThreads, availableParallelism());
  return requireNumber("RECSYS_THREADS", Number(asked), { min: 1, max: mostThreads, integer: true });
}
