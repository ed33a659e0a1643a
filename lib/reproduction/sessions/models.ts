import { readFile } from "node:fs/promises";
import { CorruptFileError, decodeTensors } from "../../core";
import { ItemPairs, Popularity, SessionEnsemble, SessionModel, sessionModelKinds } from "../../models";
import type { SessionsModel } from "./types";

/** How each kind of model comes back from its file. */
const loaders: Readonly<Record<string, (path: string) => Promise<SessionsModel>>> = {
  ...Object.fromEntries(sessionModelKinds.map((kind) => [kind, (path: string) => SessionModel.load(path, kind)])),
  [SessionEnsemble.kind]: (path) => SessionEnsemble.load(path),
  popularity: (path) => Popularity.load(path),
  "item-knn": (path) => ItemPairs.load(path, "item-knn"),
  "markov-chain": (path) => ItemPairs.load(path, "markov-chain"),
};

/** Loads a model of whatever kind its file says. @throws CorruptFileError when it is none or is damaged */
export async function loadSessionsModel(path: string): Promise<SessionsModel> {
  const { metadata } = decodeTensors(await readFile(path), path);
  const kind = metadata["kind"] ?? "nothing known";
  if (Object.hasOwn(loaders, kind)) return loaders[kind](path);
  throw new CorruptFileError(`the file holds "${kind}", no model of sessions`, { where: path });
}
