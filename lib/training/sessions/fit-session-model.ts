import {
  flagOption,
  InvalidArgumentError,
  numberOption,
  type OptionList,
  optionList,
  type OptionsOf,
  seedOption,
  wholeOption,
  wordOption,
} from "../../core";
import {
  drawnSamples,
  type PrefixSamples,
  prefixSamples,
  selectSamples,
  type Sessions,
  type SessionSplit,
  requireSameIds,
} from "../../data";
import { tensorEngine } from "../../engine";
import {
  SessionModel,
  sessionModelFields,
  type SessionModelForm,
  sessionModelForm,
  type SessionModelKind,
  type SessionModelOptions,
  sessionNetworks,
} from "../../models";
import type { Checkpoints } from "../checkpoint";
import { fit, fitEpochs, type FitHistory } from "../fit";
import {
  allPositionsObjective,
  clozeObjective,
  clozeWindowsObjective,
  nextItemObjective,
  type SessionObjective,
} from "./session-objectives";
import { SessionTrainee } from "./session-trainee";

/** How a session model is trained, whatever its kind. */
const settings = {
  learningRate: numberOption("Adam's step size.", 1e-3, { above: 0 }),
  batchSize: wholeOption("Histories per step.", 256, 1),
  epochs: wholeOption("The most epochs there may be.", 100, 1),
  patience: wholeOption("Epochs in a row without a better validation ndcg@10 that end the training.", 20, 1),
  maxSeconds: numberOption(
    "Wall-clock seconds after which no further epoch begins; 0 for no limit, which alone makes a training repeatable.",
    0,
    { min: 0 },
  ),
  objective: wordOption(
    "`prefixes`: every prefix of every session is a sample, as in SRU's release. `positions`: every event is read once an " +
      "epoch, in windows, and all places of a window are learnt at once, which is a different objective.",
    ["prefixes", "positions"],
    "prefixes",
  ),
  maskShare: numberOption("BERT4Rec: share of the places that are to be predicted.", 0.3, { above: 0, max: 1 }),
  includeTarget: flagOption(
    "BERT4Rec on prefixes: whether the item after a prefix is read and learnt too. In SRU's release it is not; true is " +
      "the correction.",
    false,
  ),
  validationSamples: wholeOption("The most samples that validation ranks, drawn once.", 10_000, 1),
  seed: seedOption("Draws the initial parameters, the batches and what drops out.", 1),
};

/** How a session model is trained, whatever its kind. */
export interface FitSessionSettings extends OptionsOf<typeof settings> {}

/**
 * The options of a network and of its training.
 *
 * @throws InvalidArgumentError for a kind there is not
 * @example
 * Object.keys(fitSessionOptions("gru4rec").fields); // of the network and of its training
 */
export function fitSessionOptions(kind: SessionModelKind): OptionList {
  return optionList(kind, { ...sessionModelFields(kind), ...settings });
}

/** Options of the network and of its training, in one object. */
export type FitSessionOptions = {
  readonly [K in SessionModelKind]: FitSessionSettings & SessionModelOptions[K];
};

/** A trained session model and how it came about. */
export interface SessionModelFit<K extends SessionModelKind = SessionModelKind> extends FitHistory {
  /** The parameters of the best epoch. */
  readonly model: SessionModel;
  /** Of that model, on the validation samples. */
  readonly validationNdcg: number;
  /** Every option it was trained with. */
  readonly options: FitSessionOptions[K];
}

/**
 * Every option of training a session model: those given, and the defaults of the others.
 *
 * @throws InvalidOptionError for an unknown option, or one out of range
 *
 * @example
 * resolveFitSessionOptions("gru4rec", { epochs: 5 }).learningRate; // the default
 */
export function resolveFitSessionOptions<K extends SessionModelKind>(
  kind: K,
  options?: Partial<FitSessionOptions[K]>,
): FitSessionOptions[K] {
  return fitSessionOptions(kind).resolve(options) as unknown as FitSessionOptions[K];
}

/**
 * Trains a network for sessions: softmax cross-entropy over the full catalogue, mean over each batch, Adam, early
 * stopping on the ndcg@10 of validation sessions after every epoch, the best epoch's parameters kept.
 *
 * @param start the model to start from; by default a random one of the seed
 * @param checkpoints where to go on from and to save
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @throws InvalidArgumentError when there is nothing to train on or to validate by, or validation has other ids
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const sessions = await loadSessionDataset("ml-100k");
 * const { model, validationNdcg } = await fitSessionModel("gru4rec", sessions, { epochs: 20 });
 */
export async function fitSessionModel<K extends SessionModelKind>(
  kind: K,
  { train, valid }: Pick<SessionSplit, "train" | "valid">,
  options?: Partial<FitSessionOptions[K]>,
  checkpoints?: Checkpoints,
  start?: SessionModel,
): Promise<SessionModelFit<K>> {
  const resolved = resolveFitSessionOptions(kind, options);
  requireSameIds(train, valid, ["train", "valid"]);
  const samples = drawnSamples(prefixSamples(valid), resolved.validationSamples, resolved.seed);
  if (samples.target.length === 0)
    throw new InvalidArgumentError("there are no validation sessions of two events or more");
  return withTrainee(kind, train, samples, resolved, start, async (trainee) => {
    const history = await fit(trainee, resolved, checkpoints);
    return { ...history, model: trainee.best, validationNdcg: history.bestValidation, options: resolved };
  });
}

/**
 * Trains for a number of epochs and looks at no validation sessions: how a model is trained again, or on.
 *
 * @param start the model to start from; by default a random one of the seed
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @throws InvalidArgumentError when there is nothing to train on
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const original = await fitSessionModel("gru4rec", sessionSplit);
 * const retained = withoutRows(sessionSplit.train, sessionItemRows(sessionSplit.train, 0.02, 1));
 * const retrained = await refitSessionModel("gru4rec", retained, original.bestEpoch, original.options);
 */
export async function refitSessionModel<K extends SessionModelKind>(
  kind: K,
  train: Sessions,
  epochs: number,
  options?: Partial<FitSessionOptions[K]>,
  start?: SessionModel,
): Promise<SessionModel> {
  const resolved = resolveFitSessionOptions(kind, options);
  const none = selectSamples(prefixSamples(train), new Int32Array(0));
  return withTrainee(kind, train, none, resolved, start, async (trainee) => {
    await fitEpochs(trainee, epochs);
    return trainee.best;
  });
}

async function withTrainee<K extends SessionModelKind, R>(
  kind: K,
  train: Sessions,
  valid: PrefixSamples,
  options: FitSessionOptions[K],
  given: SessionModel | undefined,
  work: (trainee: SessionTrainee) => Promise<R>,
): Promise<R> {
  const start = given ?? SessionModel.initialise(kind, train.itemCount, modelOptions(kind, options), options.seed);
  requireSameForm(start.form, sessionModelForm(kind, train.itemCount, modelOptions(kind, options)));
  const objective = objectiveOf(start.form, train, options);
  if (objective.rows === 0) throw new InvalidArgumentError("there are no sessions of two events or more to train on");
  const trainee = new SessionTrainee(await tensorEngine(), start, objective, valid, options);
  try {
    return await work(trainee);
  } finally {
    trainee.dispose();
  }
}

function objectiveOf(form: SessionModelForm, train: Sessions, options: FitSessionSettings): SessionObjective {
  if (sessionNetworks[form.kind].learns === "masked")
    return options.objective === "prefixes"
      ? clozeObjective(form, train, options)
      : clozeWindowsObjective(form, train, options.maskShare);
  return options.objective === "prefixes" ? nextItemObjective(form, train) : allPositionsObjective(form, train);
}

/** The network's own among all options. */
function modelOptions<K extends SessionModelKind>(kind: K, options: FitSessionOptions[K]): SessionModelOptions[K] {
  const names = Object.keys(sessionModelFields(kind));
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => names.includes(name)),
  ) as unknown as SessionModelOptions[K];
}

function requireSameForm(start: SessionModelForm, wanted: SessionModelForm): void {
  if (JSON.stringify(start) === JSON.stringify(wanted)) return;
  throw new InvalidArgumentError(`the model to start from is not what the options describe`, {
    where: wanted.kind,
    remedy: `give options and items as it has them: ${JSON.stringify(start)}`,
  });
}
