import { InvalidArgumentError, ProgressTask } from "../core";
import { type Interactions, requireForgetRows, type Sessions } from "../data";
import type { Recommender, SessionRecommender } from "../models";
import type { SessionUnlearningRequest, UnlearningRequest } from "../training";
import {
  type Judgement,
  judgeCompleteness,
  judgeDistance,
  judgeUtility,
  type VerdictCriteria,
  verdictCriteria,
} from "./criteria";
import { type Beliefs, distancesOf } from "./distances";
import type { Evaluation } from "./measure";
import { ratingsEvaluation } from "./ratings-evaluation";
import { type Outcome, sentencesOf, untoldSentences } from "./sentences";
import { sessionsEvaluation } from "./sessions-evaluation";
import { type Answer, answeredModel, costOf, modelOf, requireSameKind, type Trained } from "./subjects";
import { Verdict } from "./verdict-value";

/** What a verdict is given by, beside the models. */
export interface VerdictOptions extends Partial<VerdictCriteria> {
  /**
   * Models trained as Original was, on the rows that stay, with different seeds. Two make a noise floor; without, or
   * with one alone, forgetting cannot be told. Default: none.
   */
  readonly retrain?: Trained | readonly Trained[];
  /** Rows (sessions) that no model was trained on, under the same ids. Default: none; utility cannot be told then. */
  readonly test?: Interactions | Sessions;
  /** Ratings: the true label of every training row. Default: that of `train`. */
  readonly trueLabel?: Float32Array;
  /** How the answer is called. Default: `"the answer"`. */
  readonly name?: string;
  /** What the method's `prepare` took, once for the model. Default: not said. */
  readonly preparationSeconds?: number;
}

/** The outputs of all models that a verdict looks at. */
interface Outputs<O> {
  readonly original: O;
  readonly answer: O;
  readonly retrained: readonly O[];
}

/**
 * Says whether a request is forgotten: how complete it is, what it cost in utility and in seconds, beside *Original*
 * and *Retrain* with its noise floor, in sentences and a table, and what could not be told. The criteria stand in
 * `README.md`; they are options.
 *
 * @param original the model before, as it was trained on all rows
 * @param answer what a method's `unlearn` returned, or the model after it
 * @param request what was asked, of ratings or of sessions
 * @throws InvalidArgumentError for rows that are not there, models of different kinds, a Retrain that is Original
 *   itself, or two that are the same
 * @throws CancelledError when it is interrupted
 * @example
 * const rows = selectRows(train, retainedRows(train, request.forgetRows));
 * const again = { ...original, options: { ...original.options, seed: original.options.seed + 1 } };
 * const retrain = [await refitMf(original, rows), await refitMf(again, rows)];
 * const answer = await ifru.unlearn(original.model, request, {}, prepared);
 * const found = await verdict(original, answer, request, { retrain, test });
 * console.log(found.toText());
 */
export async function verdict(
  original: Trained,
  answer: Answer,
  request: UnlearningRequest | SessionUnlearningRequest,
  options: VerdictOptions = {},
): Promise<Verdict> {
  const { retrain, test = null, trueLabel = null, name = "the answer", preparationSeconds, ...given } = options;
  const criteria = verdictCriteria.resolve(given);
  const retrainings =
    retrain === undefined ? [] : Array.isArray(retrain) ? (retrain as Trained[]) : [retrain as Trained];
  const forgetRows = requireForgetRows(request.train, request.forgetRows, "verdict");
  if (forgetRows.length === 0)
    throw new InvalidArgumentError("the request forgets no rows", { where: "verdict", remedy: "ask for at least one" });
  const before = modelOf(original);
  const models = { original: before, answer: answeredModel(before, answer), retrained: retrainings.map(modelOf) };
  requireSameKind([
    ["Original", before],
    [name, models.answer],
    ...models.retrained.map((one) => ["Retrain", one] as const),
  ]);
  const looked =
    "samples" in request
      ? await lookAtSessions(models, { ...request, forgetRows }, test as Sessions | null, criteria, name)
      : await lookAtRatings(
          models,
          { ...request, forgetRows } as UnlearningRequest,
          test as Interactions | null,
          trueLabel,
          criteria,
          name,
        );
  const cost = costOf(answer, retrainings, preparationSeconds ?? null);
  return new Verdict({
    ...{ name, request: request.name, outcome: looked.outcome, judgements: looked.judgements, cost },
    sentences: sentencesOf({ name, cost, ...looked }),
    untold: [...looked.untold, ...untoldSentences(looked.judgements)],
    retrainings: retrainings.length,
    criteria: { ...criteria },
  });
}

interface Models {
  readonly original: unknown;
  readonly answer: unknown;
  readonly retrained: readonly unknown[];
}

/** What was found of some models. */
interface Looked {
  readonly amount: string;
  readonly outcome: Outcome;
  readonly judgements: readonly Judgement[];
  readonly because: string | null;
  readonly untold: readonly string[];
}

async function lookAtRatings(
  models: Models,
  request: UnlearningRequest,
  test: Interactions | null,
  trueLabel: Float32Array | null,
  criteria: VerdictCriteria,
  name: string,
): Promise<Looked> {
  const evaluation = ratingsEvaluation(request, { test, trueLabel, ...criteria });
  const outputs = await outputsOf(models, async (model) => evaluation.outputs(model as Recommender));
  return findingsOf(evaluation, outputs, criteria, name);
}

async function lookAtSessions(
  models: Models,
  request: SessionUnlearningRequest,
  test: Sessions | null,
  criteria: VerdictCriteria,
  name: string,
): Promise<Looked> {
  const evaluation = sessionsEvaluation(request, test, 10 * criteria.rankedUsers, criteria.seed);
  const outputs = await outputsOf(models, (model) => evaluation.outputs(model as SessionRecommender));
  return findingsOf(evaluation, outputs, criteria, name);
}

async function outputsOf<O>(
  { original, answer, retrained }: Models,
  outputs: (model: unknown) => Promise<O>,
): Promise<Outputs<O>> {
  const progress = new ProgressTask("looking at models", 2 + retrained.length, "models");
  const found: O[] = [];
  try {
    for (const model of [original, answer, ...retrained]) {
      found.push(await outputs(model));
      progress.update(found.length);
    }
  } finally {
    progress.finish();
  }
  return { original: found[0], answer: found[1], retrained: found.slice(2) };
}

function findingsOf<O>(
  evaluation: Evaluation<O>,
  outputs: Outputs<O>,
  criteria: VerdictCriteria,
  name: string,
): Looked {
  const beliefs = {
    original: evaluation.beliefs(outputs.original),
    answer: evaluation.beliefs(outputs.answer),
    retrained: outputs.retrained.map((one) => evaluation.beliefs(one)),
  };
  requireDifferent(beliefs);
  const judgements = [
    ...judged(evaluation, outputs, "completeness", criteria),
    judgeDistance(evaluation.distanceLabel, distancesOf(beliefs), criteria),
    ...judged(evaluation, outputs, "utility", criteria),
  ];
  const amount = `${evaluation.forgotten} ${evaluation.unit}`;
  const isUntouched = same(beliefs.original, beliefs.answer);
  const decided = decide(judgements, isUntouched, evaluation, beliefs.retrained.length, criteria, name);
  const silent = decided.outcome === "cannot be told" ? judgements.map(asUntold(decided.because)) : judgements;
  return { amount, ...decided, judgements: silent, untold: evaluation.untold };
}

/** Where nothing can be told, no measure claims to: its finding would be read as one. */
function asUntold(because: string | null) {
  return (judgement: Judgement): Judgement =>
    judgement.about === "utility" || judgement.finding === "cannot tell"
      ? judgement
      : { ...judgement, finding: "cannot tell", reason: because };
}

function judged<O>(
  { measures }: Evaluation<O>,
  { original, answer, retrained }: Outputs<O>,
  about: Judgement["about"],
  criteria: VerdictCriteria,
): Judgement[] {
  const judge = about === "completeness" ? judgeCompleteness : judgeUtility;
  return measures
    .filter((measure) => measure.about === about)
    .map(({ label, towards, read }) => {
      const readings = { original: read(original), answer: read(answer), retrained: retrained.map(read) };
      return judge(label, towards, readings, criteria);
    });
}

/** @throws InvalidArgumentError for a Retrain that is Original, or two that are one */
function requireDifferent({ original, retrained }: Beliefs): void {
  const refuse = (problem: string): never => {
    throw new InvalidArgumentError(problem, {
      where: "verdict",
      remedy: "train anew on the rows that stay, each time with another seed",
    });
  };
  for (const [k, one] of retrained.entries()) {
    if (same(one, original)) refuse("a Retrain predicts the forgotten rows as Original does, to the bit");
    if (retrained.slice(k + 1).some((other) => same(one, other))) refuse("two of the retrainings are the same model");
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, k) => value === b[k]);
}

const enoughRetrainings = 5;

function decide<O>(
  judgements: readonly Judgement[],
  isUntouched: boolean,
  { forgotten, unit }: Evaluation<O>,
  retrainings: number,
  { leastRows }: VerdictCriteria,
  name: string,
): Pick<Looked, "outcome" | "because"> {
  const untold = (because: string) => ({ outcome: "cannot be told" as const, because });
  if (forgotten === 0) return untold(`none of the ${unit} asked for is one that a model predicts`);
  if (isUntouched)
    return {
      outcome: "not forgotten",
      because: `${name} predicts the ${forgotten} ${unit} as Original does, to the bit`,
    };
  if (retrainings === 0)
    return untold("there is no retrained model to hold it against; pass { retrain }, or leave out --no-retrain");
  if (retrainings === 1) return untold("one retraining alone has no noise floor; pass two of different seeds");
  if (forgotten < leastRows && retrainings < enoughRetrainings)
    return untold(
      `${forgotten} ${unit} are too few for ${retrainings} retrainings; ` +
        `pass ${enoughRetrainings}, or ask for ${leastRows} ${unit}`,
    );
  const found = new Set(judgements.filter(({ about }) => about === "completeness").map(({ finding }) => finding));
  if (found.has("remembers")) return { outcome: "not forgotten", because: null };
  if (found.has("over-forgotten")) return { outcome: "over-forgotten", because: null };
  const isLike = found.has("like Retrain");
  if (found.has("unlike Retrain"))
    return { outcome: isLike ? "forgotten on average" : "unlike Retrain", because: null };
  if (isLike) return { outcome: "forgotten", because: null };
  return untold("no measure tells Original from Retrain on these rows: Original knew too little of them");
}
