import type { ForgetSamples, PrefixSamples, SessionDataset, Sessions } from "../../data";
import type { ItemPairs, Popularity, SessionEnsemble, SessionModel } from "../../models";
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

/** The models of the sessions task. */
export type SessionsModel = SessionModel | SessionEnsemble | Popularity | ItemPairs;

/** What is to be forgotten. */
export interface SessionsRequest {
  /** What kind it is, such as `"session-items"`. */
  readonly name: string;
  /** What *Original* was trained on. */
  readonly train: Sessions;
  /** Events, by their row numbers of the dataset's interactions, ascending; all of them stand in `train`. */
  readonly forgetRows: Int32Array;
  /**
   * The histories before those events: what should no longer predict them. An event that opens its session has none.
   */
  readonly samples: ForgetSamples;
  /** What is left out case by case, to see what that does, where nothing is forgotten for good. Default: nothing. */
  readonly leftOut?: LeftOutOfSessions;
}

/** Cases of events that are left out, and the events of test sessions that are looked at. */
export interface LeftOutOfSessions {
  /** Of each case the events, as `Sessions.row` names them, ascending. */
  readonly cases: readonly Int32Array[];
  readonly samples: PrefixSamples;
}

/** The task of CAU and SRU: which item comes next in a session. */
export interface SessionsTask extends TaskTypes {
  readonly split: SessionDataset;
  readonly rows: Sessions;
  readonly request: SessionsRequest;
  readonly model: SessionsModel;
}

export type SessionsAudit = AuditPart<SessionsTask>;
export type SessionsBackbone = BackbonePart<SessionsTask>;
export type SessionsContext = MethodContext<SessionsTask>;
export type SessionsDataset = DatasetPart<SessionsTask>;
export type SessionsMethod = MethodPart<SessionsTask>;
export type SessionsMetric = MetricPart<SessionsTask>;
export type SessionsOutcome = MethodOutcome<SessionsModel>;
export type SessionsRequestPart = RequestPart<SessionsTask>;
