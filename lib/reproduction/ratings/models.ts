import { readFile } from "node:fs/promises";
import { CorruptFileError, decodeTensors } from "../../core";
import { Ensemble, LightGcn, Mf, NeuralMf, type Recommender } from "../../models";
import type { RatingsModel } from "./types";

/** How each kind of model comes back from its file. */
const loaders: Readonly<Record<string, (path: string) => Promise<RatingsModel>>> = {
  mf: (path) => Mf.load(path),
  lightgcn: (path) => LightGcn.load(path),
  "neural-mf": (path) => NeuralMf.load(path),
  "ensemble of mf": (path) => Ensemble.load(path, Mf),
  "ensemble of lightgcn": (path) => Ensemble.load(path, LightGcn),
};

/** Loads a model of whatever kind its file says. @throws CorruptFileError when it is none or is damaged */
export async function loadRatingsModel(path: string): Promise<RatingsModel> {
  const { metadata } = decodeTensors(await readFile(path), path);
  const load = loaders[metadata["kind"] ?? ""];
  if (load === undefined)
    throw new CorruptFileError(`the file holds "${metadata["kind"] ?? "nothing known"}", no model of ratings`, {
      where: path,
    });
  return load(path);
}

/** The same scores from a model that scores one user at a time without propagating anew. */
export function propagatedOnce(model: RatingsModel): Recommender {
  if (model instanceof LightGcn) return model.propagated();
  if (!(model instanceof Ensemble)) return model;
  if (model.attention !== null) return model.propagated();
  return new Ensemble<Mf>(model.members.map((member: Mf | LightGcn) => member.propagated()));
}
