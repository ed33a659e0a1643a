// Asks and judges of one assignment, in a thread of its own: one that never ends or crashes costs its check alone.
import { parentPort, workerData } from "node:worker_threads";
import { Random } from "recsys-unlearning/core";
import type { Ask, Check, Draw, Plain, Verdict } from "./checks";
import { readChecks } from "./load-assignment";

/** What the grader wants of one check. */
export interface JudgeRequest {
  readonly check: string;
  readonly student: string;
  readonly seed: number;
  /** Where they are missing, the check's asks are wanted, else its verdict. */
  readonly given?: {
    readonly values: readonly (Plain | undefined)[];
    readonly problems: readonly (string | undefined)[];
  };
}

export type JudgeReply =
  { readonly asks: readonly Ask[] } | { readonly verdict: Verdict } | { readonly failure: string };

const port = parentPort as NonNullable<typeof parentPort>;
const { checks } = readChecks((workerData as { folder: string }).folder);

function drawOf({ seed, student }: JudgeRequest): Draw {
  return { seed, student, random: () => Random.fromSeed(seed) };
}

async function replyTo(request: JudgeRequest): Promise<JudgeReply> {
  const check = checks.find(({ name }) => name === request.check) as Check;
  const draw = drawOf(request);
  const { given } = request;
  if (given === undefined) return { asks: await check.asks(draw) };
  return { verdict: await check.judge(given.values, draw, given.problems) };
}

port.on("message", (request: JudgeRequest) => {
  replyTo(request).then(
    (reply) => port.postMessage(reply),
    (error: unknown) => port.postMessage({ failure: String((error as Error)?.message ?? error) }),
  );
});
port.postMessage("ready");
