import { Stopwatch } from "../../core";
import type { Sessions } from "../../data";
import {
  itemKnn,
  type ItemKnnOptions,
  markovChain,
  Popularity,
  type SessionModelKind,
  sessionModelKinds,
  sessionNetworks,
} from "../../models";
import { fitSessionModel, type FitSessionSettings, refitSessionModel, resolveFitSessionOptions } from "../../training";
import { inModule, type Options, type Training } from "../../experiments";
import { withoutSeed } from "../without-seed";
import type { SessionsBackbone, SessionsModel } from "./types";

const settingsOf = ({ options, seed }: Training) => ({ ...(options as Partial<FitSessionSettings>), seed });

/** A network. */
function trained(kind: SessionModelKind): SessionsBackbone {
  return {
    task: "sessions",
    label: sessionNetworks[kind].label,
    defaults: () => withoutSeed(resolveFitSessionOptions(kind)),
    fit: (train, { valid }, training) =>
      fitSessionModel(kind, { train, valid }, settingsOf(training), training.checkpoints),
    refit: (train, training, epochs) => refitSessionModel(kind, train, epochs, settingsOf(training)),
  };
}

/** What is counted, in one pass and without a seed. */
function counted(
  label: string,
  count: (rows: Sessions, options: Options) => SessionsModel,
  defaults: Options = {},
): SessionsBackbone {
  return {
    task: "sessions",
    label,
    defaults: () => defaults,
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
  "item-knn": counted("item-kNN", (rows, options) => itemKnn(rows, options as unknown as ItemKnnOptions), {
    neighbours: 100,
    shrinkage: 0,
  }),
  "markov-chain": counted("Markov chain", (rows) => markovChain(rows)),
});
