import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { CancelledError, RecsysError, setCurrentSignal } from "recsys-unlearning/core";
import {
  datasetFiles,
  drawnSamples,
  historyCount,
  leftPaddedTokens,
  loadSessionDataset,
  type PrefixSamples,
  prefixSamples,
  type SessionDataset,
} from "recsys-unlearning/data";
import { type NamedTensor, saveModel, SessionModel } from "recsys-unlearning/models";
import { fitSessionModel, resolveFitSessionOptions } from "recsys-unlearning/training";
import type { Benchmark, Measurement } from "../benchmark";
import { threadVariables, torchName, torchPython } from "../engine/torch";
import { watchMemory } from "../memory";
import { runPeer } from "../peers";

const dataset = "amazon-beauty";
/** A validation ndcg@10 that takes several epochs and that both reach. */
const target = 0.03;
const mostEpochs = 30;
const options = resolveFitSessionOptions("gru4rec", { epochs: mostEpochs, patience: mostEpochs });

/** A training until validation reached the target. */
interface Training {
  readonly seconds: number;
  /** Of all cores together; less than the seconds where other work took the machine. */
  readonly processorSeconds: number;
  /** After each epoch. */
  readonly ndcgs: readonly number[];
}

type PeerTraining = Training & { readonly version: string; readonly megabytes: number | null };

export const gru4recTraining: Benchmark = {
  name: "gru4rec-training",
  what: `GRU4Rec on Amazon Beauty from the same start until the validation ndcg@10 is ${target}, validation counted`,
  unit: "s",
  async run() {
    if ((await datasetFiles(dataset)).length === 0) return null;
    const sessions = await loadSessionDataset(dataset);
    const start = SessionModel.initialise("gru4rec", sessions.train.itemCount, {}, options.seed);
    const { value: own, megabytes } = await watchMemory(() => ours(sessions, start));
    return { ...measurementOf(own, await torchTrainings(sessions, start)), megabytes };
  },
};

async function ours(sessions: SessionDataset, start: SessionModel): Promise<Training> {
  const stop = new AbortController();
  const ndcgs: number[] = [];
  const [before, used] = [performance.now(), process.cpuUsage()];
  let done: Omit<Training, "ndcgs"> | undefined;
  const look = async ({ history }: { readonly history: readonly { readonly validation: number }[] }) => {
    const { validation } = history[history.length - 1];
    ndcgs.push(validation);
    if (validation < target) return;
    const { user, system } = process.cpuUsage(used);
    done ??= { seconds: (performance.now() - before) / 1000, processorSeconds: (user + system) / 1e6 };
    stop.abort(); // a fit has no target of its own
  };
  setCurrentSignal(stop.signal);
  try {
    await fitSessionModel("gru4rec", sessions, options, { load: async () => null, save: look, everyMs: 0 }, start);
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
  } finally {
    setCurrentSignal(undefined);
  }
  if (done === undefined)
    throw new RecsysError(`the validation ndcg@10 did not reach ${target} in ${mostEpochs} epochs`);
  return { ...done, ndcgs };
}

/** With one thread and with all of the machine's; `null` where there is no PyTorch. */
async function torchTrainings(
  sessions: SessionDataset,
  start: SessionModel,
): Promise<Record<string, PeerTraining | null>> {
  const python = await torchPython();
  if (python === null) return { PyTorch: null };
  const folder = mkdtempSync(join(tmpdir(), "gru4rec-training-"));
  try {
    const file = join(folder, "problem.safetensors");
    await saveModel(file, "gru4rec-training", [...start.parameters(), ...rowsOf(sessions)]);
    const found: Record<string, PeerTraining> = {};
    for (const threads of new Set([1, availableParallelism()])) {
      const numbers = [target, mostEpochs, options.batchSize, options.learningRate].map(String);
      const args = [String(threads), file, ...numbers];
      const script = "sessions/training_peer.py";
      const training = await runPeer<PeerTraining>(python, script, args, threadVariables(threads));
      found[torchName(training.version, threads)] = training;
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Training and validation as the peer reads them: the rows that ours sees. */
function rowsOf({ train, valid }: SessionDataset): NamedTensor[] {
  const drawn = drawnSamples(prefixSamples(valid), options.validationSamples, options.seed);
  return [...tensorsOf("train", prefixSamples(train)), ...tensorsOf("valid", drawn)];
}

function tensorsOf(part: string, samples: PrefixSamples): NamedTensor[] {
  const count = historyCount(samples);
  const all = Int32Array.from({ length: count }, (_, sample) => sample);
  const tokens = leftPaddedTokens(samples, all, options.maxLength);
  return [
    { name: `${part}Tokens`, shape: [count, options.maxLength], values: tokens },
    { name: `${part}Targets`, shape: [count], values: samples.target },
  ];
}

/** A peer that never reached the target has no time. */
function measurementOf(own: Training, peers: Readonly<Record<string, PeerTraining | null>>): Measurement {
  const each = <T>(value: (training: PeerTraining) => T) =>
    Object.fromEntries(
      Object.entries(peers).map(([name, training]) => [name, training === null ? null : value(training)]),
    );
  const theirs = Object.entries(peers).flatMap(([name, training]) =>
    training === null
      ? []
      : [
          [`epochs of ${name}`, training.ndcgs.length],
          [`processor seconds of ${name}`, training.processorSeconds],
        ],
  );
  return {
    ours: own.seconds,
    peers: each(({ seconds, ndcgs }) => (ndcgs[ndcgs.length - 1] >= target ? seconds : null)),
    peerMegabytes: each(({ megabytes }) => megabytes),
    counts: {
      epochs: own.ndcgs.length,
      "processor seconds": own.processorSeconds,
      ...(Object.fromEntries(theirs) as Record<string, number>),
    },
  };
}
