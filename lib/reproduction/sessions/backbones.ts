import { type OptionList, optionList, Stopwatch } from "../../core";
import type { Sessions } from "../../data";
import {
  itemKnn,
  itemKnnOptions,
  type ItemKnnOptions,
  markovChain,
  Popularity,
  type SessionModelKind,
  sessionModelKinds,
  sessionNetworks,
} from "../../models";
import { fitSessionModel, type FitSessionSettings, fitSessionOptions, refitSessionModel } from "../../training";
import { inModule, type Options, type Training } from "../../experiments";
import type { SessionsBackbone, SessionsModel } from "./types";

const settingsOf = ({ options, seed }: Training) => ({ ...(options as Partial<FitSessionSettings>), seed });

/** A network. */
function trained(kind: SessionModelKind): SessionsBackbone {
  return {
    task: "sessions",
    label: sessionNetworks[kind].label,
    options: () => fitSessionOptions(kind),
    fit: (train, { valid }, training) =>
      fitSessionModel(kind, { train, valid }, settingsOf(training), training.checkpoints),
    refit: (train, training, epochs) => refitSessionModel(kind, train, epochs, settingsOf(training)),
  };
}

/** What is counted, in one pass and without a seed. */
function counted(
  label: string,
  count: (rows: Sessions, options: Options) => SessionsModel,
  options: OptionList = optionList(label, {}),
): SessionsBackbone {
  return {
    task: "sessions",
    label,
    options: () => options,
    fit(rows, _split, { options }) {
      const watch = new Stopwatch();
      const model = watch.time("counting", () => count(rows, options));
      return Promise.resolve({ model, bestEpoch: 0, history: [], seconds: watch.seconds()["counting"] });
    },
    refit: (rows, { options }) => Promise.resolve(count(rows, options)),
  };
}

/** The models of sessions, by name. */
export const sessionsBackbones = inModule<SessionsBackbone>(__filename, {
  ...Object.fromEntries(sessionModelKinds.map((kind) => [kind, trained(kind)])),
  popularity: counted("popularity", (rows) => Popularity.count(rows)),
  "item-knn": counted(
    "item-kNN",
    (rows, options) => itemKnn(rows, options as unknown as ItemKnnOptions),
    itemKnnOptions,
  ),
  "markov-chain": counted("Markov chain", (rows) => markovChain(rows)),
});
