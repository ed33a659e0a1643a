import type { Random } from "../../core";
import {
  type Histories,
  historyCount,
  leftPaddedTokens,
  prefixSamples,
  type Sessions,
  trainingWindows,
} from "../../data";
import { nextInput, type SessionInput, type SessionModelForm } from "../../models";

/** One batch: what is read, and the item to be predicted at each wanted place. */
export interface SessionBatch {
  readonly input: SessionInput;
  /** Items, `[places]`. */
  readonly labels: Int32Array;
}

/** What a session model learns to predict. */
export interface SessionObjective {
  /** How many histories there are to cut into batches. */
  readonly rows: number;
  /** @param chosen numbers of histories @param random for what is drawn, such as masks */
  batch(chosen: Int32Array, random: Random): SessionBatch;
}

/** How often, and of what, a masked model learns. */
export interface ClozeOptions {
  /** Share of the places that are to be predicted. */
  readonly maskShare: number;
  /**
   * Whether a prefix is read with the item after it. In SRU's release it is not, so that a session's last item is never
   * learnt.
   */
  readonly includeTarget: boolean;
}

/** The next item of every prefix, from the last place of its row. */
export function nextItemObjective(form: SessionModelForm, sessions: Sessions): SessionObjective {
  const samples = prefixSamples(sessions);
  return {
    rows: historyCount(samples),
    batch: (chosen) => ({
      input: nextInput(form, samples, chosen),
      labels: chosen.map((sample) => samples.target[sample]),
    }),
  };
}

/**
 * The next item at every place of windows over the sessions: each event is predicted once an epoch, from at most
 * `maxLength` before it and, early in a window, from fewer. Another objective than that of prefixes, and many times
 * cheaper on long sessions.
 */
export function allPositionsObjective({ options }: SessionModelForm, sessions: Sessions): SessionObjective {
  const { maxLength } = options;
  const windows = trainingWindows(sessions, maxLength);
  return {
    rows: historyCount(windows),
    batch(chosen) {
      const tokens = leftPaddedTokens(windows, chosen, maxLength);
      const places = placesOf(tokens, (token) => token !== 0);
      const labels = places.map((place) => {
        const window = chosen[Math.floor(place / maxLength)];
        return windows.item[windows.end[window] - maxLength + (place % maxLength) + 1];
      });
      return { input: { tokens, places }, labels };
    },
  };
}

/** Masked items of every prefix (BERT4Rec's Cloze task). */
export function clozeObjective(form: SessionModelForm, sessions: Sessions, options: ClozeOptions): SessionObjective {
  const { item, start, end } = prefixSamples(sessions);
  return masked(form, { item, start, end: options.includeTarget ? end.map((at) => at + 1) : end }, options.maskShare);
}

/** Masked items of windows over the sessions, each event read once an epoch. */
export function clozeWindowsObjective(form: SessionModelForm, sessions: Sessions, maskShare: number): SessionObjective {
  const { item, start, end } = trainingWindows(sessions, form.options.maxLength - 1);
  return masked(form, { item, start, end: end.map((at) => at + 1) }, maskShare);
}

/** Of the places to be predicted 80 % are masked, 10 % hold a random item, 10 % stay. */
function masked(form: SessionModelForm, histories: Histories, maskShare: number): SessionObjective {
  const { maxLength } = form.options;
  const mask = form.itemCount + 1;
  return {
    rows: historyCount(histories),
    batch(chosen, random) {
      const tokens = leftPaddedTokens(histories, chosen, maxLength);
      const places = placesOf(tokens, (token) => token !== 0 && random.uniform() < maskShare);
      const labels = places.map((place) => tokens[place] - 1);
      for (const place of places) {
        const draw = random.uniform();
        if (draw < 0.8) tokens[place] = mask;
        else if (draw < 0.9) tokens[place] = 1 + random.integer(form.itemCount);
      }
      return { input: { tokens, places }, labels };
    },
  };
}

function placesOf(tokens: Int32Array, wanted: (token: number) => boolean): Int32Array {
  const places: number[] = [];
  for (let place = 0; place < tokens.length; place++) if (wanted(tokens[place])) places.push(place);
  return Int32Array.from(places);
}
