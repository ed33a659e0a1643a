import { Breather, type OptionList, optionList, ProgressTask, Stopwatch } from "../../../core";
import { withoutRows } from "../../../data";
import { type Options, originalOf } from "../../../experiments";
import { itemInfluence, outputInfluence } from "../../../ifru";
import { Popularity, type SessionModel, sessionModelKinds, type SessionRecommender } from "../../../models";
import { applyUpdate } from "../../../training";
import { codeOfMethods } from "../../code-of-methods";
import { throughCases } from "../../ratings/attribution/case-progress";
import { outputsFile } from "../../ratings/attribution/outputs-file";
import { optionsOfRun } from "../../given-by-run";
import type { SessionsContext, SessionsMethod } from "../types";
import { marginsOf } from "./margins";
import { leftOutOf } from "./retrainings";

/** What stands for the model that was trained without a case. */
interface Estimator {
  readonly code: string | readonly string[];
  readonly label: string;
  readonly options: OptionList;
  /** @param left events that are left out */
  without(
    original: SessionModel,
    context: SessionsContext,
    left: Int32Array,
    options: Options,
  ): Promise<SessionRecommender>;
}

/** An estimator as a method of runs: it leaves its margins of every case, and no model. */
function estimator({ code, label, options, without }: Estimator): SessionsMethod {
  return {
    code,
    label: () => label,
    options: () => options,
    backbones: sessionModelKinds,
    prerequisites: (config, task) => [originalOf(config, task)],
    async run(context) {
      const { cases, samples } = leftOutOf(context);
      const original = (await context.prerequisite("original").model()) as SessionModel;
      const told = optionsOfRun(context, options) as Options;
      const [watch, breather] = [new Stopwatch(), new Breather("estimating without each case")];
      const progress = new ProgressTask("estimating without each case", cases.length, "cases");
      try {
        const outputs = await watch.timeAsync("estimating", () =>
          throughCases(cases.length, context.training.checkpoints, async (k) => {
            await breather.breathe();
            const margins = await marginsOf(await without(original, context, cases[k], told), samples);
            progress.update(k + 1);
            return margins;
          }),
        );
        return { model: null, facts: { cases: cases.length }, seconds: watch.seconds(), files: outputsFile(outputs) };
      } finally {
        progress.finish();
      }
    },
  };
}

/** What an influence step makes of the original, always from the same model. */
function influence(method: typeof outputInfluence | typeof itemInfluence): SessionsMethod {
  return estimator({
    code: [codeOfMethods(__filename, [method]).code ?? []].flat(),
    label: method.description.label,
    options: method.description.options,
    async without(original, { split: { train } }, forgetRows, options) {
      const request = { name: "what is left out", train, forgetRows };
      return applyUpdate(original, (await method.unlearn(original, request, options)).update);
    },
  });
}

/** How often each item occurs in what stays: what needs no model. */
const popularity = estimator({
  code: __filename,
  label: "popularity",
  options: optionList("popularity-estimate", {}),
  async without(_original, { split }, left) {
    const { counts } = Popularity.count(withoutRows(split.train, left));
    return new Popularity(counts.map((count) => Math.log(count + 1))); // as logits, so that margins are of shares
  },
});

/** Estimates of influence on session models. A further one is a line here. */
export const estimateMethods: Readonly<Record<string, SessionsMethod>> = {
  "output-influence-estimate": influence(outputInfluence),
  "item-influence-estimate": influence(itemInfluence),
  "popularity-estimate": popularity,
};
