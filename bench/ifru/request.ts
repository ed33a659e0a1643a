import type { Benchmark, Measurement } from "../benchmark";
import { watchMemory } from "../memory";
import { ifru } from "recsys-unlearning/ifru";
import { median } from "recsys-unlearning/metrics";
import type { UnlearningCost } from "recsys-unlearning/training";
import { requestsOf, type RequestSize, retrained, type Trained, type TrainedOn, trainedOn } from "./trained";

/** Retraining and requests in turn, so that a busy machine meets both alike. */
const rounds = { "ml-100k": 5, bookcrossing: 1 } as const;
/** Users differ much in what they touch: with few of them the median would be an accident. */
const requestsARound = { interaction: 100, user: 100, batch: 3 } as const;

/** Seconds of a whole request, as its caller waits for it, and what it cost. */
async function timed(model: Trained, forgetRows: Int32Array): Promise<{ seconds: number; cost: UnlearningCost }> {
  const { split, fit, prepared } = model;
  const request = { name: "", train: split.train, forgetRows };
  const start = performance.now();
  const { cost } = await ifru.unlearn(fit.model, request, {}, prepared);
  return { seconds: (performance.now() - start) / 1000, cost };
}

async function measure(dataset: TrainedOn, size: RequestSize): Promise<Measurement | null> {
  const model = await trainedOn(dataset);
  if (model === null) return null;
  const requests = requestsOf(model.split, size, requestsARound[size]);
  const { megabytes } = await watchMemory(async () => {
    for (const rows of requests) await timed(model, rows); // warm-up
  });
  const done: Awaited<ReturnType<typeof timed>>[] = [];
  const retrainings: Record<"Retrain" | "Retrain, lazy Adam", number[]> = { Retrain: [], "Retrain, lazy Adam": [] };
  for (let round = 0; round < rounds[dataset]; round++) {
    for (const rows of requests) done.push(await timed(model, rows));
    retrainings.Retrain.push((await retrained(model, requests[round % requests.length], "adam")).seconds);
    const lazy = await retrained(model, requests[round % requests.length], "lazy-adam");
    retrainings["Retrain, lazy Adam"].push(lazy.seconds);
    for (const rows of requests) done.push(await timed(model, rows));
  }
  const over = (pick: (cost: UnlearningCost) => number) => median(done.map(({ cost }) => pick(cost)));
  return {
    ours: median(done.map(({ seconds }) => seconds)),
    peers: Object.fromEntries(Object.entries(retrainings).map(([name, seconds]) => [name, median(seconds)])),
    megabytes,
    counts: {
      "Hessian-vector products": over((cost) => cost.hessianVectorProducts),
      "incident rows": over((cost) => cost.incidentRows ?? 0),
      "rows touched": over((cost) => cost.rowsTouched),
    },
  };
}

/** A whole request against our own retraining; medians over several seeded requests. */
export function requestSpeed(dataset: TrainedOn, size: RequestSize): Benchmark {
  const what = { interaction: "one interaction", user: "one user", batch: "2 % of the rows" }[size];
  const name = `ifru-${dataset}-${size}`;
  const long = `forgetting ${what} of ${dataset} (5-core), MF`;
  return { name, what: long, unit: "s", shares: `ifru-${dataset}`, run: () => measure(dataset, size) };
}
