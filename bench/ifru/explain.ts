import { Random } from "recsys-unlearning/core";
import { datasetFiles, ifruSplit, loadDataset } from "recsys-unlearning/data";
import { explain, ifru } from "recsys-unlearning/ifru";
import { median } from "recsys-unlearning/metrics";
import { fitMf } from "recsys-unlearning/training";
import type { Benchmark, Measurement } from "../benchmark";
import { watchMemory } from "../memory";

const requests = 200;

/** Time does not depend on how well a model is trained, nor on λ: two epochs, and a λ of the usual size. */
async function measure(dataset: string, limit: number): Promise<Measurement | null> {
  if ((await datasetFiles(dataset)).length === 0) return null;
  const { interactions } = await loadDataset(dataset);
  const { train, valid } = ifruSplit(interactions, { positiveAbove: 3, forgetFraction: 0 });
  const { model } = await fitMf(train, valid, { epochs: 2 });
  const prepared = await ifru.prepare(model, train, { damping: 3e-5 });
  const random = Random.derive(1024, "bench", "explain");
  const [seconds, rows]: [number[], number[]] = [[], []];
  const { megabytes } = await watchMemory(async () => {
    for (let k = 0; k < 2 * requests; k++) {
      const of = { train, user: random.integer(train.userCount), item: random.integer(train.itemCount) };
      const start = performance.now();
      const why = await explain(model, prepared, of);
      if (k < requests) continue; // warm-up
      seconds.push((performance.now() - start) / 1000);
      rows.push(why.rows.length);
    }
  });
  return {
    ours: median(seconds),
    peers: { [`${limit} ms`]: limit / 1000 },
    megabytes,
    counts: { "rows read": median(rows), "slowest, ms": Math.round(1000 * Math.max(...seconds)) },
  };
}

/** Why a score: the median over seeded pairs, beside what a person does not notice. */
export function explainSpeed(dataset: string, limit: number): Benchmark {
  const what = `why a score, ${dataset}, MF, warm`;
  return { name: `ifru-explain-${dataset}`, what, unit: "s", run: () => measure(dataset, limit) };
}
