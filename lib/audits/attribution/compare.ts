import { Breather, InvalidArgumentError, ProgressTask } from "../../core";
import { agreementOf, ceilingOf } from "./agreement";
import { type Attribution, AttributionScores, type Estimate, type Retrainable } from "./attribution";
import type { Case } from "./cases";
import { type CaseOutputs, meanOfOutputs } from "./outputs";

/** An audit's parts. */
interface Comparison {
  readonly where: string;
  readonly what: string;
  readonly cases: readonly Case[];
  readonly retrainings: number;
  readonly seed: number;
  /** What is taken from the outputs of a case that was trained with a seed, if anything. */
  readonly baseline?: (seed: number) => Promise<Float32Array>;
}

/** Trains every case again and again, and holds estimates to it. */
export async function compareWithTraining(
  { retrain }: Retrainable,
  estimates: Readonly<Record<string, Estimate>>,
  { where, what, cases, retrainings, seed, baseline }: Comparison,
): Promise<AttributionScores> {
  const progress = new ProgressTask(where, retrainings * cases.length, "trainings");
  const breather = new Breather(where);
  const trained: CaseOutputs[] = [];
  try {
    for (let again = 0; again < retrainings; again++) {
      const given = await baseline?.(seed + again);
      const base = given && requireOutputs(where, given, trained[0]?.[0]).slice();
      const outputs: Float32Array[] = [];
      for (const [k, { kept }] of cases.entries()) {
        await breather.breathe();
        const values = requireOutputs(where, await retrain(kept, seed + again), base ?? outputs[0] ?? trained[0]?.[0]);
        // A copy in any case: a training may give its outputs in one array again and again.
        outputs.push(values.map((value, output) => value - (base?.[output] ?? 0)));
        progress.update(again * cases.length + k + 1);
      }
      trained.push(outputs);
    }
  } finally {
    progress.finish();
  }
  const reference = meanOfOutputs(trained);
  const scored: Record<string, Attribution["estimates"][string]> = {};
  for (const [name, estimate] of Object.entries(estimates)) {
    const predicted: Float32Array[] = [];
    for (const { kept, left } of cases) {
      await breather.breathe();
      predicted.push(requireOutputs(`${where}, estimate "${name}"`, await estimate(kept, left), reference[0]).slice());
    }
    scored[name] = agreementOf(predicted, reference, seed);
  }
  const ceiling = retrainings < 2 ? null : ceilingOf(trained, seed);
  return new AttributionScores({ what, cases: cases.length, retrainings, ceiling, estimates: scored });
}

/** @throws InvalidArgumentError for outputs of another number than before, none, or one that is not finite */
function requireOutputs(where: string, values: Float32Array, before: Float32Array | undefined): Float32Array {
  const refuse = (problem: string) => {
    throw new InvalidArgumentError(problem, { where, remedy: "give the same outputs for every case, each finite" });
  };
  if (values.length === 0) refuse("there are no outputs");
  if (before !== undefined && values.length !== before.length)
    refuse(`${values.length} outputs, where there were ${before.length} before`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) refuse(`output ${bad} is ${values[bad]}`);
  return values;
}
