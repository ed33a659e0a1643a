const warmUps = 3;
const leastRepeats = 5;
const budgetMs = 1000;

/** The least time of one call, in milliseconds: what the code costs when nothing else is in its way. */
export function least(work: () => unknown): number {
  for (let n = 0; n < warmUps; n++) work();
  const start = performance.now();
  let best = Infinity;
  for (let n = 0; n < leastRepeats || performance.now() - start < budgetMs; n++) {
    const before = performance.now();
    work();
    best = Math.min(best, performance.now() - before);
  }
  return best;
}
