import type { Judgement } from "./criteria";

/** The answer to whether it is forgotten. */
export type Outcome =
  | "forgotten"
  /** What the rows taught is gone on the whole, but single predictions are further from Retrain's than another's. */
  | "forgotten on average"
  | "not forgotten"
  | "over-forgotten"
  | "unlike Retrain"
  | "cannot be told";

/** What a verdict's words are made of. */
export interface Told {
  readonly name: string;
  /** How many rows, and what they are: `"112 rows"`. */
  readonly amount: string;
  readonly outcome: Outcome;
  readonly judgements: readonly Judgement[];
  /** Why nothing can be told, or what decided without a measure; `null` where the measures did. */
  readonly because: string | null;
  readonly cost: CostOfAnswer;
}

/** What the answer cost, beside a retraining. */
export interface CostOfAnswer {
  /** Seconds of the answer, all stages together; `null` where only a model was given. */
  readonly seconds: number | null;
  readonly secondsByStage: Readonly<Record<string, number>>;
  /** Seconds that one retraining took; `null` where it was not said. */
  readonly retrainSeconds: number | null;
  /** Paid once for a trained model, before any request; `null` where it was not said. */
  readonly preparationSeconds: number | null;
  readonly gradientRows: number | null;
  readonly hessianVectorProducts: number | null;
  readonly rowsTouched: number | null;
}

const three = (value: number | null): string =>
  value === null ? "undefined" : Number(value.toPrecision(3)).toString();
const percent = (share: number): string => `${Math.round(100 * share)} %`;

const openings: Readonly<Record<Outcome, string>> = {
  forgotten: "Forgotten",
  "forgotten on average": "Forgotten on average, not row by row",
  "not forgotten": "Not forgotten",
  "over-forgotten": "Forgotten beyond what retraining does",
  "unlike Retrain": "Not shown to be forgotten",
  "cannot be told": "Whether it is forgotten cannot be told",
};

/** The verdict in sentences: the outcome, each measure that says something, utility, cost. */
export function sentencesOf({ name, amount, outcome, judgements, because, cost }: Told): string[] {
  const telling = judgements.filter(({ about, finding }) => about === "completeness" && finding !== "cannot tell");
  const like = telling.filter(({ finding }) => finding === "like Retrain").length;
  const count =
    because ??
    `${like} of ${telling.length} measures that can tell find ${name} on the ${amount} where retraining ends`;
  return [
    `${openings[outcome]}: ${count}.`,
    ...telling.map(completenessSentence),
    ...judgements.filter(({ about }) => about === "utility").map(utilitySentence),
    ...costSentences(name, cost),
  ];
}

function completenessSentence({
  label,
  kind,
  original,
  answer,
  retrained,
  floor,
  remaining,
  finding,
}: Judgement): string {
  const numbers =
    kind === "distance"
      ? `${three(answer)}, ${three(floor)} between two retrainings, Original ${three(original)}`
      : `${three(answer)}, Retrain ${three(retrained)} (noise floor ${three(floor)}), Original ${three(original)}`;
  return `${upper(label)}: ${numbers}. ${meaning(finding, remaining)}`;
}

function meaning(finding: Judgement["finding"], remaining: number | null): string {
  const share = remaining === null ? null : percent(remaining);
  if (finding === "remembers")
    return share === null
      ? "It remembers more than Retrain."
      : `${share} of what Original knew beyond Retrain is left.`;
  if (finding === "over-forgotten") return "It went beyond Retrain, which gives the forgotten rows away as well.";
  if (finding === "unlike Retrain") return "This is further from Retrain than another retraining is.";
  return "This is where a retraining ends.";
}

function utilitySentence({ label, original, answer, retrained, tolerance, finding, reason }: Judgement): string {
  if (finding === "cannot tell") return `${upper(label)} cannot be told: ${reason}.`;
  const held =
    retrained === null ? `Original ${three(original)}` : `Retrain ${three(retrained)}, Original ${three(original)}`;
  const than = retrained === null ? "Original" : "Retrain";
  const words = {
    "as good": `as good as ${than} to within ${three(tolerance)}`,
    worse: `worse than ${than} by more than ${three(tolerance)}`,
    better: `better than ${than} by more than ${three(tolerance)}`,
  };
  return `${upper(label)}: ${three(answer)}, ${held}: ${words[finding as keyof typeof words]}.`;
}

function costSentences(name: string, { seconds, retrainSeconds, preparationSeconds }: CostOfAnswer): string[] {
  const once = preparationSeconds === null ? "" : `, after ${three(preparationSeconds)} s paid once for the model`;
  if (seconds === null) return [];
  const took = `${upper(name)} took ${three(seconds)} s${once}`;
  if (retrainSeconds === null) return [`${took}.`];
  const times = retrainSeconds / Math.max(seconds, 1e-6);
  const beside = times >= 1 ? `${three(times)} times as fast` : `${three(1 / times)} times as slow`;
  return [`${took}; a retraining took ${three(retrainSeconds)} s: ${beside}.`];
}

/** Why each measure that cannot tell cannot. */
export function untoldSentences(judgements: readonly Judgement[]): string[] {
  return judgements
    .filter(({ about, finding }) => about === "completeness" && finding === "cannot tell")
    .map(({ label, reason }) => `${upper(label)} cannot tell: ${reason}.`);
}

function upper(text: string): string {
  if (text.startsWith("ndcg")) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
