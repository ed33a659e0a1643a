import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";
import type { SessionModelKind } from "recsys-unlearning/models";
import type { Benchmark } from "../benchmark";

/** Milliseconds of one training step in a process of its own. */
async function stepMs(kind: SessionModelKind): Promise<number> {
  const script = inRepository(join("bench", "dist", "sessions", "measure-step.js"));
  const { stdout } = await promisify(execFile)(process.execPath, [script, kind]);
  return Number(stdout.trim());
}

/** What a second training at the same time costs the first: they share the machine's memory and caches, not a core. */
function twoAtOnce(kind: SessionModelKind): Benchmark {
  return {
    name: `${kind}-two-at-once`,
    what: `one training step of ${kind} while another training runs, the slower of the two`,
    unit: "ms",
    async run() {
      const alone = await stepMs(kind);
      const together = await Promise.all([stepMs(kind), stepMs(kind)]);
      return { ours: Math.max(...together), peers: { "itself alone": alone } };
    },
  };
}

export const gru4recTwoAtOnce = twoAtOnce("gru4rec");
export const sasrecTwoAtOnce = twoAtOnce("sasrec");
