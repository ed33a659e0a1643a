import { InvalidArgumentError, Random } from "../../core";
import { historyCount, type PrefixSamples, prefixSamples, selectSamples, type Sessions } from "../../data";
import type { SessionModel, SessionModelForm } from "../../models";
import { changedSamples } from "../changed-samples";

/** What a request does to the samples of a session model, and those that curvature is taken from. */
export interface RequestSamples {
  readonly gone: PrefixSamples;
  readonly come: PrefixSamples;
  /** Some of those that stay: curvature is taken from them. */
  readonly kept: PrefixSamples;
  /** As many others, or all others where there are fewer. */
  readonly unseen: () => PrefixSamples;
  /** How many samples stay. */
  readonly left: number;
}

/** How samples are drawn: the options of this name of `outputInfluence`. */
interface Drawing {
  readonly spillover: "changed" | "none";
  readonly curvatureSamples: number;
  readonly seed: number;
}

/** The samples of a request. Both influence steps on session models draw the same ones. */
export function requestSamples(
  { options: { maxLength } }: SessionModelForm,
  train: Sessions,
  forgetRows: Int32Array,
  { spillover, curvatureSamples, seed }: Drawing,
): RequestSamples {
  const { retained, gone, come } = changedSamples(train, forgetRows, maxLength, spillover);
  const staying = prefixSamples(retained);
  const left = historyCount(staying);
  const drawn = Random.derive(seed, "output influence").sample(left, Math.min(left, curvatureSamples)).sort();
  const unseen = () => {
    const others = numbersBut(left, drawn);
    const count = Math.min(others.length, curvatureSamples);
    const chosen = Random.derive(seed, "embedding damping").sample(others.length, count).sort();
    return selectSamples(
      staying,
      chosen.map((k) => others[k]),
    );
  };
  return { gone, come, kept: selectSamples(staying, drawn), unseen, left };
}

/**
 * @param so what follows for the step
 * @throws InvalidArgumentError for a model whose output layer is tied to its item embeddings
 */
export function requireOwnLayer({ form }: SessionModel, where: string, so: string): void {
  if (form.options.tiedOutput)
    throw new InvalidArgumentError(`the output layer's rows are the item embeddings, so that ${so}`, {
      where,
      remedy: "train the model with tiedOutput: false",
    });
}

/** The numbers below `count` that are not among some, ascending. */
function numbersBut(count: number, some: Int32Array): Int32Array {
  const left = new Uint8Array(count).fill(1);
  for (const number of some) left[number] = 0;
  return Int32Array.from({ length: count }, (_, k) => k).filter((k) => left[k] === 1);
}
