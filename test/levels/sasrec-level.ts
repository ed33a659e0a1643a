// SASRec on MovieLens-1M as gSASRec's repository trains it (`config_ml1m_sasrec.py`): a training that goes on where an
// earlier one stopped, and the record of its learning curve.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, libFolder, provenance, type Provenance, sha256, writeFileAtomic } from "../../lib/core";
import type { PrefixSamples } from "../../lib/data";
import { engineName, tensorEngine, threadCount } from "../../lib/engine";
import { CheckpointFiles } from "../../lib/experiments/store/checkpoint-files";
import { moduleVersion } from "../../lib/experiments/store/code-version";
import { mean, ndcgAt, recallAt } from "../../lib/metrics";
import { SessionModel } from "../../lib/models";
import { type Checkpoint, type Checkpoints, type EpochRecord, fit, type ResumableTrainee } from "../../lib/training";
import { allPositionsObjective } from "../../lib/training/sessions/session-objectives";
import { SessionTrainee } from "../../lib/training/sessions/session-trainee";
import { binaryTrainee } from "./binary-loss";
import { itemCount, readSplit, split } from "./ml-1m-split";
import { ranksAmongUnseen } from "./unseen-ranks";

/** Cross-entropy over all items is our loss. The published is `binary`: each label against one random item. */
export type Loss = "cross-entropy" | "binary";

/** `config_ml1m_sasrec.py` in our words. */
const network = {
  ...{ embeddingSize: 128, maxLength: 200, layerCount: 2, headCount: 1, dropoutRate: 0.5 },
  ...{ hidePadding: true, paddingClass: false },
};
const training = { learningRate: 1e-3, batchSize: 128, epochs: 10_000, patience: 200, seed: 1 };

/** An epoch of the learning curve: the validation is ndcg@10. */
interface CurvePoint extends EpochRecord {
  /** Since the training began, validations counted, pauses not. */
  readonly seconds: number;
  /** Of this epoch with its validation: less than its seconds where other work took the machine. */
  readonly processorSeconds: number;
}

/** What a training leaves behind. */
export interface LevelRecord {
  readonly loss: Loss;
  readonly network: SessionModel["form"]["options"];
  readonly training: typeof training;
  readonly data: typeof split;
  readonly engine: string;
  readonly threads: number;
  readonly provenance: Provenance;
  readonly curve: readonly CurvePoint[];
  /** Of the best epoch's parameters; `null` before the training ended. */
  readonly best: { readonly epoch: number; readonly valid: Measures; readonly test: Measures } | null;
}

type Measures = Readonly<Record<"ndcg@10" | "recall@10" | "recall@1", number>>;

/**
 * Trains for so many seconds in all, those of earlier calls among them, and at least to the end of the epoch that is
 * under way.
 *
 * @param files as `filesOf` finds them
 * @param folder of the checkpoints and of `record.json`, which is written after every epoch
 */
export async function trainLevel(
  loss: Loss,
  files: ReadonlyMap<string, string>,
  folder: string,
  limits: { readonly maxSeconds?: number; readonly epochs?: number },
): Promise<LevelRecord> {
  const { train, valid, test } = await readSplit(files, network.maxLength + 1);
  const start = SessionModel.initialise("sasrec", itemCount, network, training.seed);
  const settings = { network: start.form.options, training };
  const code = moduleVersion(join(libFolder(), "dist", "training", "sessions", "session-trainee.js"));
  const binding = { run: `sasrec ${loss}`, code, config: sha256(canonicalJson({ ...settings, data: split })) };
  const [engine, objective] = [await tensorEngine(), allPositionsObjective(start.form, train)];
  const inner =
    loss === "binary"
      ? binaryTrainee(engine, start, objective, training)
      : new SessionTrainee(engine, start, objective, valid, training);
  const trainee = new LeaveOneOutTrainee(inner, start, valid);
  const first: LevelRecord = {
    ...{ loss, ...settings, data: split },
    ...{ engine: engineName(), threads: threadCount(), provenance: provenance(), curve: [], best: null },
  };
  const checkpoints = new RecordedCheckpoints(new CheckpointFiles(folder, binding), join(folder, "record.json"), first);
  try {
    const { bestEpoch } = await fit(trainee, { ...training, ...limits }, checkpoints);
    const [onValid, onTest] = [await measures(inner.best, valid), await measures(inner.best, test)];
    return await checkpoints.write({ best: { epoch: bestEpoch, valid: onValid, test: onTest } });
  } finally {
    inner.dispose();
  }
}

async function measures(model: SessionModel, samples: PrefixSamples): Promise<Measures> {
  const ranks = await ranksAmongUnseen(model, samples);
  return {
    "ndcg@10": mean(ndcgAt(10, ranks)) ?? NaN,
    "recall@10": mean(recallAt(10, ranks)) ?? NaN,
    "recall@1": mean(recallAt(1, ranks)) ?? NaN,
  };
}

/** Validates as the repository does: among the items that are not in the history. */
class LeaveOneOutTrainee implements ResumableTrainee {
  readonly label = "sasrec";

  constructor(
    private readonly inner: SessionTrainee,
    private readonly start: SessionModel,
    private readonly valid: PrefixSamples,
  ) {}

  runEpoch(epoch: number): Promise<number> {
    return this.inner.runEpoch(epoch);
  }

  async validate(): Promise<number> {
    const tensors = this.inner.snapshot();
    const present = this.start.parameters().map(({ name }) => [name, tensors.get(`present ${name}`)!] as const);
    const ranks = await ranksAmongUnseen(this.start.withParameters(new Map(present)), this.valid);
    return mean(ndcgAt(10, ranks)) ?? NaN;
  }

  keepBest(): void {
    this.inner.keepBest();
  }

  snapshot(): ReadonlyMap<string, Float32Array> {
    return this.inner.snapshot();
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    this.inner.restore(tensors);
  }
}

/** Checkpoints, each with the record so far: the curve first, so that it is never behind its checkpoint. */
class RecordedCheckpoints implements Checkpoints {
  readonly everyMs = 0;
  private used = process.cpuUsage();

  constructor(
    private readonly files: CheckpointFiles,
    private readonly path: string,
    private record: LevelRecord,
  ) {}

  async load(): Promise<Checkpoint | null> {
    const found = await this.files.load();
    if (found !== null && existsSync(this.path)) {
      const { curve } = JSON.parse(readFileSync(this.path, "utf8")) as LevelRecord;
      this.record = { ...this.record, curve: curve.slice(0, found.history.length) };
    }
    this.used = process.cpuUsage();
    return found;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    const { history, seconds } = checkpoint;
    const { user, system } = process.cpuUsage(this.used);
    const point = { ...history[history.length - 1], seconds, processorSeconds: (user + system) / 1e6 };
    await this.write({ curve: [...this.record.curve, point] });
    await this.files.save(checkpoint);
    this.used = process.cpuUsage();
  }

  async write(part: Partial<LevelRecord>): Promise<LevelRecord> {
    this.record = { ...this.record, ...part };
    await writeFileAtomic(this.path, JSON.stringify(this.record, null, 1) + "\n");
    return this.record;
  }
}
