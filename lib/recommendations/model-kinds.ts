import { InvalidArgumentError } from "../core";
import {
  Ensemble,
  LightGcn,
  Mf,
  type NamedTensor,
  NeuralMf,
  type Recommender,
  SessionModel,
  type SessionModelKind,
  sessionModelForm,
  sessionModelKinds,
  type StoredModel,
  type StoredTensors,
} from "../models";

/** Models of ratings: they score pairs of users and items. */
export type RatingsRecommender = Mf | LightGcn | NeuralMf | Ensemble<Mf> | Ensemble<LightGcn>;

/** Every model that can be kept with its ids. */
export type KeptModel = RatingsRecommender | SessionModel;

/** A model as a file holds it. */
export interface ModelParts {
  readonly kind: string;
  readonly tensors: readonly NamedTensor[];
  /** What else makes it up, as JSON; `null` for nothing. */
  readonly form: object | null;
}

/** The parts of a model. @throws InvalidArgumentError for a kind that cannot be kept with ids */
export function partsOf(model: KeptModel): ModelParts {
  if (model instanceof SessionModel)
    return {
      kind: model.kind,
      tensors: model.parameters(),
      form: { itemCount: model.itemCount, options: model.form.options },
    };
  if (model instanceof Ensemble)
    return { kind: `ensemble of ${model.members[0].kind}`, tensors: model.tensors(), form: null };
  if (model instanceof NeuralMf) return { kind: model.kind, tensors: model.parameters(), form: null };
  if (model instanceof Mf || model instanceof LightGcn)
    return { kind: model.kind, tensors: model.tensors(), form: null };
  throw new InvalidArgumentError(`a model of kind "${(model as Recommender).kind}" is not kept with ids`, {
    remedy: "give MF, LightGCN, neural MF, an ensemble of the first two, GRU4Rec, SASRec or BERT4Rec",
  });
}

type Maker = (tensors: StoredTensors, form: unknown) => KeptModel;

const makers: Readonly<Record<string, Maker>> = {
  mf: (tensors) => Mf.fromTensors(tensors),
  lightgcn: (tensors) => LightGcn.fromTensors(tensors),
  "neural-mf": (tensors) => NeuralMf.fromTensors(tensors),
  "ensemble of mf": (tensors) => ensembleOf(tensors, Mf) as Ensemble<Mf>,
  "ensemble of lightgcn": (tensors) => ensembleOf(tensors, LightGcn) as Ensemble<LightGcn>,
  ...Object.fromEntries(sessionModelKinds.map((kind) => [kind, sessionMaker(kind)])),
};

/** The model of some parts. @throws InvalidArgumentError for a kind that is not known, or parts that make no model */
export function modelOf(kind: string, tensors: StoredTensors, form: unknown): KeptModel {
  if (Object.hasOwn(makers, kind)) return makers[kind](tensors, form);
  throw new InvalidArgumentError(`there is no model of kind "${kind}"`, {
    remedy: `use one of ${Object.keys(makers).join(", ")}`,
  });
}

function sessionMaker(kind: SessionModelKind): Maker {
  return (tensors, form) => {
    const { itemCount, options } = (form ?? {}) as { itemCount: number; options: object };
    const values = Array.from(tensors, ([name, tensor]) => [name, tensor.values as Float32Array] as const);
    return new SessionModel(sessionModelForm(kind, itemCount, options), new Map(values));
  };
}

/** Members' arrays are called `shard0.…`, `shard1.…`, and the weights over them `attention`. */
function ensembleOf(tensors: StoredTensors, member: StoredModel<Mf> | StoredModel<LightGcn>): Ensemble<never> {
  const partsByShard: Map<string, StoredTensors extends ReadonlyMap<string, infer T> ? T : never>[] = [];
  for (const [name, tensor] of tensors) {
    const [, shard, own] = /^shard(\d+)\.(.+)$/.exec(name) ?? [];
    if (own !== undefined) (partsByShard[Number(shard)] ??= new Map()).set(own, tensor);
  }
  const members = Array.from(partsByShard, (parts) => member.fromTensors(parts ?? new Map()));
  const attention = tensors.get("attention")?.values;
  return new Ensemble(members as never[], attention instanceof Float32Array ? attention : null);
}

/**
 * The same scores from a model that scores often: what is propagated over a graph is so once.
 *
 * @example
 * fullRanking(scoredOften(lightGcn), train, test, [10]);
 */
export function scoredOften(model: RatingsRecommender): Recommender {
  if (model instanceof LightGcn) return model.propagated();
  if (!(model instanceof Ensemble)) return model;
  if (model.attention !== null) return model.propagated();
  return new Ensemble<Mf>(model.members.map((member: Mf | LightGcn) => member.propagated()));
}
