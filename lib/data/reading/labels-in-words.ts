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
  let [least, most, ninetyNines, minusOnes] = [Infinity, -Infinity, 0, 0];
  for (let row = 0; row < label.length; row++) {
    const value = label[row];
    if (value === 99) ninetyNines++;
    else if (value > most) most = value;
    if (value === -1) minusOnes++;
    else if (value < least) least = value;
  }
  const far = most <= largestRating ? note(99, ninetyNines, label.length) : {};
  return least >= 0 && most > 1 ? { ...far, ...note(-1, minusOnes, label.length) } : far;
}

function note(mark: number, count: number, rows: number): LayoutFacts {
  if (count === 0 || count === rows) return {};
  return { note: `${count} rows are rated ${mark}; if it means no rating: ${spelled({ missing: [mark] })}` };
}
