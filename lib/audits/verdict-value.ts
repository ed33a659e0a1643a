import { escapeHtml, jupyterDisplay, type MimeData } from "../core";
import { type Table, table } from "../tables";
import type { Judgement } from "./criteria";
import type { CostOfAnswer, Outcome } from "./sentences";

/** What a verdict holds. */
export interface VerdictContent {
  /** How the answer is called. */
  readonly name: string;
  /** How the request is called. */
  readonly request: string;
  readonly outcome: Outcome;
  /** The verdict in words, the outcome first. */
  readonly sentences: readonly string[];
  /** What could not be told, and why. */
  readonly untold: readonly string[];
  readonly judgements: readonly Judgement[];
  readonly cost: CostOfAnswer;
  readonly retrainings: number;
  /** The criteria it was given by. */
  readonly criteria: Readonly<Record<string, number>>;
}

/** Whether something is forgotten, in sentences and as a table. Shows itself in a notebook. */
export class Verdict {
  constructor(readonly content: VerdictContent) {}

  /** `true`: forgotten. `false`: known still, or gone beyond Retrain. `null`: neither is told. */
  get isForgotten(): boolean | null {
    const { outcome } = this.content;
    if (outcome === "not forgotten" || outcome === "over-forgotten") return false;
    return outcome === "forgotten" ? true : null;
  }

  get outcome(): Outcome {
    return this.content.outcome;
  }

  get sentences(): readonly string[] {
    return this.content.sentences;
  }

  get untold(): readonly string[] {
    return this.content.untold;
  }

  /** Every measure beside Original, Retrain and the noise floor. */
  table(): Table {
    const { name, request, judgements, retrainings } = this.content;
    const number = { format: { significant: 4 } } as const;
    return table({
      columns: [
        { key: "about" },
        { key: "measure" },
        { key: "original", label: "Original", ...number },
        { key: "answer", label: name, ...number },
        ...(retrainings === 0 ? [] : [{ key: "retrained", label: "Retrain", ...number }]),
        ...(retrainings < 2 ? [] : [{ key: "floor", label: "noise floor", ...number }]),
        { key: "finding" },
      ],
      rows: judgements.map(({ label, about, original, answer, retrained, floor, finding }) => ({
        ...{ about, measure: label, original, answer, retrained, floor, finding },
      })),
      groupBy: ["about"],
      caption: `Is ${request} forgotten? ${name} beside Original and ${retrainings} ${retrainings === 1 ? "retraining" : "retrainings"}`,
    });
  }

  toText(): string {
    const { untold } = this.content;
    const lines = untold.length === 0 ? [] : ["", "What could not be told:", ...untold.map((text) => `- ${text}`)];
    return [...this.sentences, "", this.table().toText(), ...lines].join("\n");
  }

  toMarkdown(): string {
    const list = (texts: readonly string[]) => texts.map((text) => `- ${text}`).join("\n");
    const [outcome, ...rest] = this.sentences;
    const untold = this.untold.length === 0 ? [] : ["What could not be told:", list(this.untold)];
    return [`**${outcome}**`, list(rest), this.table().toMarkdown(), ...untold].join("\n\n");
  }

  toHtml(): string {
    const [outcome, ...rest] = this.sentences;
    const list = (texts: readonly string[]) =>
      `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>`;
    const untold = this.untold.length === 0 ? "" : `<p>What could not be told:</p>${list(this.untold)}`;
    return `<p><strong>${escapeHtml(outcome)}</strong></p>${list(rest)}${this.table().toHtml()}${untold}`;
  }

  toString(): string {
    return this.toText();
  }

  /** Plain JSON, for records. */
  toJSON(): VerdictContent {
    return this.content;
  }

  [jupyterDisplay](): MimeData {
    return { "text/html": this.toHtml(), "text/plain": this.toText() };
  }
}
