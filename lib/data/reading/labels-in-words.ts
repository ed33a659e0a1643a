import type { LayoutFacts } from "./file-layout";
import type { CollectedRows } from "./row-collector";
import { spelled } from "./spelling";

/** The largest rating of the usual scales. */
const largestRating = 10;

/**
 * What is said of labels: that there are none, or that some are what mostly means "none": 99 among ratings to 10
 * (Jester's), -1 among ratings from 0 (Anime's).
 */
export function labelsInWords({ interactions: { label }, isImplicit }: CollectedRows): LayoutFacts {
  if (isImplicit) return { labels: "no ratings: every label is 1" };
  const [least, most] = [smallest(label, -1), largest(label, 99)];
  const far = most <= largestRating ? note(label, 99) : {};
  return least >= 0 && most > 1 ? { ...far, ...note(label, -1) } : far;
}

function note(label: Float32Array, mark: number): LayoutFacts {
  let count = 0;
  for (let row = 0; row < label.length; row++) if (label[row] === mark) count++;
  if (count === 0 || count === label.length) return {};
  return { note: `${count} rows are rated ${mark}; if it means no rating: ${spelled({ missing: [mark] })}` };
}

function largest(label: Float32Array, but: number): number {
  let most = -Infinity;
  for (let row = 0; row < label.length; row++) if (label[row] > most && label[row] !== but) most = label[row];
  return most;
}

function smallest(label: Float32Array, but: number): number {
  let least = Infinity;
  for (let row = 0; row < label.length; row++) if (label[row] < least && label[row] !== but) least = label[row];
  return least;
}
