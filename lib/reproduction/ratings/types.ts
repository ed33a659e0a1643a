import type { Case, Pairs } from "../../audits";
import type { IfruSplit, Interactions } from "../../data";
import type { Ensemble, LightGcn, Mf, NeuralMf } from "../../models";
import type { UnlearningRequest } from "../../training";
import type {
  AuditPart,
  BackbonePart,
  DatasetPart,
  MethodContext,
  MethodOutcome,
  MethodPart,
  MetricPart,
  RequestPart,
  TaskTypes,
} from "../../experiments";

/** The models of the ratings task. */
export type RatingsModel = Mf | LightGcn | NeuralMf | Ensemble<Mf> | Ensemble<LightGcn>;

/** What is to be forgotten, and what is looked at afterwards. */
export interface RatingsRequest extends UnlearningRequest {
  /** Of `forgetRows`, those that requests before this one took already: what is answered here starts without them. */
  readonly forgottenBefore: Int32Array;
  /** The others, as they are asked for one after another: row numbers of `train`. */
  readonly parts: readonly Int32Array[];
  /** Where items are to vanish from recommendations: which, and whose. */
  readonly exposure: { readonly items: Int32Array; readonly users: Int32Array } | null;
  /** What is left out case by case, to see what that does, where nothing is forgotten for good. Default: nothing. */
  readonly leftOut?: LeftOut;
}

/** Cases of rows that are left out, and the pairs whose scores are looked at. */
export interface LeftOut {
  readonly cases: readonly Case[];
  readonly pairs: Pairs;
}

/** The task of IFRU: whether a user likes an item, labels 0 and 1. */
export interface Ratings extends TaskTypes {
  readonly split: IfruSplit;
  readonly rows: Interactions;
  readonly request: RatingsRequest;
  readonly model: RatingsModel;
}

export type RatingsAudit = AuditPart<Ratings>;
export type RatingsBackbone = BackbonePart<Ratings>;
export type RatingsContext = MethodContext<Ratings>;
export type RatingsDataset = DatasetPart<Ratings>;
export type RatingsMethod = MethodPart<Ratings>;
export type RatingsMetric = MetricPart<Ratings>;
export type RatingsOutcome = MethodOutcome<RatingsModel>;
export type RatingsRequestPart = RequestPart<Ratings>;
