// One line of JSON: what the stages of the work cost on a CSV file. Usage: measure-scale.js FILE
import { Random, redirectAnnouncements } from "recsys-unlearning/core";
import { type Interactions, readInteractions, rowCount, rowsWhere, selectRows, userRows } from "recsys-unlearning/data";
import { engineName } from "recsys-unlearning/engine";
import { ifru } from "recsys-unlearning/ifru";
import { auc, topLists } from "recsys-unlearning/metrics";
import { fitMf } from "recsys-unlearning/training";
import { watchMemory } from "../memory";

/**
 * Seconds of the processor by stage, all threads of the process together: on a machine that others use, too, they tell
 * of the work and not of the waiting.
 */
interface StageSeconds {
  readonly read: number;
  readonly epoch: number;
  readonly prepare: number;
  /** The mean of several. */
  readonly request: number;
  readonly auc: number;
  readonly lists: number;
}

export interface ScaleReport {
  readonly rows: number;
  readonly users: number;
  readonly items: number;
  readonly engine: string;
  readonly seconds: StageSeconds;
  /** From the first byte that is read to the last stage, by the clock on the wall. */
  readonly wallSeconds: number;
  /** The peak of the whole process. */
  readonly megabytes: number;
}

const requestCount = 20;
export const listedUsers = 1000;
/** n lambda, the same for all sizes: else a larger dataset's system would be damped more. */
const ridge = 2.5;

async function main(path: string): Promise<void> {
  redirectAnnouncements((line) => console.error(line));
  const engine = engineName();
  const start = performance.now();
  const { value, megabytes } = await watchMemory(() => stages(path));
  const wallSeconds = (performance.now() - start) / 1000;
  const peak = megabytes ?? process.resourceUsage().maxRSS / 1024;
  const report: ScaleReport = { ...value, engine, wallSeconds, megabytes: peak };
  console.log(JSON.stringify(report));
}

async function stages(path: string): Promise<Omit<ScaleReport, "engine" | "megabytes" | "wallSeconds">> {
  const [read, { train, valid, test }] = await timed(async () => inThree((await readInteractions(path)).interactions));
  // Dense Adam visits every parameter at every step: lazy-adam gives the same model and is what large data need.
  const options = { epochs: 1, optimizer: "lazy-adam" } as const;
  const [epoch, { model }] = await timed(() => fitMf(train, valid, options));
  const damping = ridge / rowCount(train);
  const [prepare, prepared] = await timed(() => ifru.prepare(model, train, { damping }));
  const request = await requestSeconds(train, (forgetRows) =>
    ifru.unlearn(model, { name: "", train, forgetRows }, {}, prepared),
  );
  const [aucSeconds] = await timed(() => auc(model.score(test.user, test.item), test.label));
  const few = selectRows(
    test,
    rowsWhere(test, (row) => test.user[row] < listedUsers),
  );
  const [lists] = await timed(() => topLists(model, train, few, 20));
  return {
    rows: rowCount(train) + rowCount(valid) + rowCount(test),
    users: train.userCount,
    items: train.itemCount,
    seconds: { read, epoch, prepare, request, auc: aucSeconds, lists },
  };
}

/** Eight, one and one in ten rows, which lie in random order; four stars and more are liked. */
function inThree(all: Interactions): Record<"train" | "valid" | "test", Interactions> {
  const rows = rowCount(all);
  const label = all.label.map((stars) => (stars > 3 ? 1 : 0));
  const part = (from: number, to: number): Interactions => {
    const [begin, end] = [Math.floor(from * rows), Math.floor(to * rows)];
    const { userCount, itemCount, users, items } = all;
    const columns = { user: all.user.slice(begin, end), item: all.item.slice(begin, end) };
    return { ...columns, label: label.slice(begin, end), userCount, itemCount, users, items };
  };
  return { train: part(0, 0.8), valid: part(0.8, 0.9), test: part(0.9, 1) };
}

async function requestSeconds(train: Interactions, ask: (rows: Int32Array) => Promise<unknown>): Promise<number> {
  const users = Random.derive(1, "scale requests").sample(train.userCount, requestCount);
  const rows = Array.from(users, (user) => userRows(train, user)).filter(({ length }) => length > 0);
  const round = async () => {
    for (const forgetRows of rows) await ask(forgetRows);
  };
  await round(); // warms up
  return (await timed(round))[0] / rows.length;
}

async function timed<T>(work: () => T | Promise<T>): Promise<[number, T]> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, value];
}

if (require.main === module)
  main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
