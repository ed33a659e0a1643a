import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { indexInteractions, rowCount } from "recsys-unlearning/data";
import { ifru, selectNodes } from "recsys-unlearning/ifru";
import { forgetAuc, median } from "recsys-unlearning/metrics";
import { type Mf, type NamedTensor, saveModel } from "recsys-unlearning/models";
import { applyUpdate } from "recsys-unlearning/training";
import type { Benchmark, Measurement } from "../benchmark";
import { watchMemory } from "../memory";
import { threadVariables, torchName, torchPython } from "../engine/torch";
import { runPeer } from "../peers";
import { retrained, type Trained, type TrainedOn, trainedOn } from "./trained";

/**
 * Adam's step on p over the number of training rows: the authors' on BookCrossing, and on Amazon where they have no
 * other.
 */
const stepSize = { "ml-100k": 0.0197, bookcrossing: 5e3 / 351_347 } as const;
const repetitions = 5;

/** What a solver made of the same request. */
interface Solved {
  readonly seconds: number;
  /** Hessian-vector products. */
  readonly products: number;
  readonly forgetAuc: number;
  /** The most memory of its process meanwhile. */
  readonly megabytes: number | null;
}

interface Comparison {
  readonly ours: Solved;
  /** By name; `null` where there is no PyTorch. */
  readonly peers: Readonly<Record<string, Solved | null>>;
  readonly retrain: number;
}

const compared = new Map<TrainedOn, Promise<Comparison | null>>();

/** Solves once a run, for both rows that tell of it. */
function comparison(dataset: TrainedOn): Promise<Comparison | null> {
  const known = compared.get(dataset) ?? compare(dataset);
  compared.set(dataset, known);
  return known;
}

async function compare(dataset: TrainedOn): Promise<Comparison | null> {
  const model = await trainedOn(dataset);
  if (model === null) return null;
  const { value: before, megabytes } = await watchMemory(() => ours(model));
  const peers = await torchSolved(model, dataset);
  const after = await ours(model);
  const again = await retrained(model, model.split.forgetRows, model.fit.options.optimizer);
  return {
    ours: { ...after, seconds: median([before.seconds, after.seconds]), megabytes },
    peers,
    retrain: forgetAucOf(again.fit.model, model),
  };
}

function forgetAucOf(model: Mf, { split: { train, forgetRows, trueLabel } }: Trained): number {
  const at = (column: Int32Array) => forgetRows.map((row) => column[row]);
  return forgetAuc(model.score(at(train.user), at(train.item)), trueLabel, forgetRows) ?? NaN;
}

/** The whole request, not the solve alone. */
async function ours(model: Trained): Promise<Omit<Solved, "megabytes">> {
  const { split, fit, prepared } = model;
  const request = { name: "2%", train: split.train, forgetRows: split.forgetRows };
  const seconds = [];
  for (let k = 0; k < repetitions; k++) {
    const start = performance.now();
    const { update, cost } = await ifru.unlearn(fit.model, request, {}, prepared);
    seconds.push((performance.now() - start) / 1000);
    if (k === repetitions - 1) {
      const auc = forgetAucOf(applyUpdate(fit.model, update), model);
      return { seconds: median(seconds), products: cost.hessianVectorProducts, forgetAuc: auc };
    }
  }
  throw new RangeError("there is at least one repetition");
}

/** The release's solver in PyTorch on the same rows and model, with one thread and with all of the machine's. */
async function torchSolved(model: Trained, dataset: TrainedOn): Promise<Record<string, Solved | null>> {
  const python = await torchPython();
  if (python === null) return { PyTorch: null };
  const folder = mkdtempSync(join(tmpdir(), "ifru-solver-"));
  try {
    const file = join(folder, "problem.safetensors");
    await saveModel(file, "ifru-solver", tensorsOf(model));
    const solved: Record<string, Solved> = {};
    for (const threads of new Set([1, availableParallelism()])) {
      const step = stepSize[dataset] * rowCount(model.split.train);
      const args = [String(threads), file, String(step)];
      const { version, ...result } = await runPeer<Solved & { version: string }>(
        python,
        "ifru/torch_peer.py",
        args,
        threadVariables(threads),
      );
      solved[torchName(version, threads)] = result;
    }
    return solved;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The trained model and the request as the peer reads them. */
function tensorsOf({ split, fit }: Trained): NamedTensor[] {
  const { train, valid, forgetRows, trueLabel } = split;
  const { users, items } = selectNodes(train, indexInteractions(train), forgetRows, { hops: 0, pruningRatio: 0 });
  const columns = {
    ...{ user: train.user, item: train.item, label: train.label, trueLabel, forgetRows },
    ...{ validUser: valid.user, validItem: valid.item, validLabel: valid.label, users, items },
  };
  return [
    ...fit.model.parameters(),
    ...Object.entries(columns).map(([name, values]) => ({ name, shape: [values.length], values })),
  ];
}

function measurement({ ours: own, peers, retrain }: Comparison, value: (solved: Solved) => number): Measurement {
  const of = ([name, solved]: [string, Solved | null]) => [name, solved === null ? null : value(solved)];
  const theirs = Object.values(peers).find((solved) => solved !== null);
  return {
    ours: value(own),
    peers: Object.fromEntries(Object.entries(peers).map(of)) as Measurement["peers"],
    megabytes: own.megabytes,
    peerMegabytes: Object.fromEntries(Object.entries(peers).map(([name, solved]) => [name, solved?.megabytes ?? null])),
    counts: {
      "Hessian-vector products": own.products,
      ...(theirs === undefined || theirs === null
        ? {}
        : { "Hessian-vector products of theirs": theirs.products, "their forget AUC": theirs.forgetAuc }),
      "our forget AUC": own.forgetAuc,
      "Retrain's forget AUC": retrain,
    },
  };
}

/** Our request against the release's solver in PyTorch: 2 % of the rows, hop 0. */
export function solverSpeed(dataset: TrainedOn): Benchmark {
  const run = async () => {
    const both = await comparison(dataset);
    return both === null ? null : measurement(both, ({ seconds }) => seconds);
  };
  const what = `a whole request of 2 % of ${dataset} (PyTorch: the release's solve alone, validation AUC after every step)`;
  return { name: `ifru-${dataset}-solver`, what, unit: "s", shares: `ifru-${dataset}`, run };
}

/** How far each of them leaves the forget-set AUC from Retrain's. */
export function solverGap(dataset: TrainedOn): Benchmark {
  const run = async () => {
    const both = await comparison(dataset);
    return both === null ? null : measurement(both, (solved) => Math.abs(solved.forgetAuc - both.retrain));
  };
  const what = `the distance of the forget-set AUC to Retrain's after 2 % of ${dataset}`;
  return { name: `ifru-${dataset}-solver-gap`, what, unit: "AUC", shares: `ifru-${dataset}`, run };
}
