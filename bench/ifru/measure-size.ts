// One line of JSON: what requests cost on a made-up dataset of so many rows. Usage: measure-size.js ROWS
import { Random, redirectAnnouncements } from "recsys-unlearning/core";
import { generateInteractions, type Interactions, rowCount } from "recsys-unlearning/data";
import { ifru } from "recsys-unlearning/ifru";
import { median } from "recsys-unlearning/metrics";
import { Mf } from "recsys-unlearning/models";

/** What requests of one size cost: medians. */
interface RequestReport {
  readonly ms: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface SizeReport {
  readonly rows: number;
  readonly users: number;
  readonly items: number;
  readonly interaction: RequestReport;
  readonly user: RequestReport;
  readonly peakMegabytes: number;
}

const requestCount = 40;
/** n lambda, the same for all sizes, about as on ml-100k: else a larger dataset's system would be damped more. */
const ridge = 2.5;

/**
 * Communities of 100,000 rows each, as `generateInteractions` makes them, with users and items of their own, so that
 * neither the activity of a user nor the popularity of an item grows with the data; rows in random order.
 */
function madeUp(rows: number): Interactions {
  const community = generateInteractions({ userCount: 1667, itemCount: 900, interactionsPerUser: 60 });
  const own = rowCount(community);
  const communities = Math.round(rows / own);
  const order = Random.derive(1, "order").shuffle(Int32Array.from({ length: communities * own }, (_, row) => row));
  const user = new Int32Array(order.length);
  const item = new Int32Array(order.length);
  const label = new Float32Array(order.length);
  order.forEach((row, k) => {
    const number = Math.floor(row / own);
    user[k] = number * community.userCount + community.user[row % own];
    item[k] = number * community.itemCount + community.item[row % own];
    label[k] = community.label[row % own] > 3 ? 1 : 0;
  });
  const userCount = communities * community.userCount;
  const itemCount = communities * community.itemCount;
  return { ...{ user, item, label, userCount, itemCount }, users: community.users, items: community.items };
}

/**
 * Random embeddings: a request costs the same whatever they are, but for the number of iterations, which is reported.
 */
function randomModel({ userCount, itemCount }: Interactions): Mf {
  return Mf.initialise({ userCount, itemCount, embeddingSize: 48, initialDeviation: 0.35, seed: 1 });
}

async function report(rows: number): Promise<SizeReport> {
  const train = madeUp(rows);
  const model = randomModel(train);
  const damping = ridge / rowCount(train);
  const prepared = await ifru.prepare(model, train, { damping });
  const { userPointers, userRows } = prepared.index;
  const measured = async (requests: readonly Int32Array[]): Promise<RequestReport> => {
    const done = [];
    for (const forgetRows of [...requests, ...requests]) {
      const start = performance.now();
      const { cost } = await ifru.unlearn(model, { name: "", train, forgetRows }, {}, prepared);
      done.push({ ms: performance.now() - start, cost });
    }
    const warm = done.slice(requests.length);
    return {
      ms: median(warm.map(({ ms }) => ms)),
      counts: {
        "Hessian-vector products": median(warm.map(({ cost }) => cost.hessianVectorProducts)),
        "incident rows": median(warm.map(({ cost }) => cost.incidentRows ?? 0)),
        "rows touched": median(warm.map(({ cost }) => cost.rowsTouched)),
      },
    };
  };
  const random = Random.derive(1, "requests");
  const interactions = Array.from(random.sample(rowCount(train), requestCount), (row) => Int32Array.of(row));
  const users = Array.from(random.sample(train.userCount, requestCount), (user) =>
    userRows.slice(userPointers[user], userPointers[user + 1]),
  );
  return {
    rows: rowCount(train),
    users: train.userCount,
    items: train.itemCount,
    interaction: await measured(interactions),
    user: await measured(users),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

if (require.main === module) {
  redirectAnnouncements((line) => console.error(line));
  void report(Number(process.argv[2])).then((found) => console.log(JSON.stringify(found)));
}
