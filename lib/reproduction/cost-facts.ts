import type { Facts, UnlearningCost } from "../training";

/** The counts of some answers together, as facts. */
export function countsOf(costs: readonly UnlearningCost[]): Facts {
  const sum = (of: (cost: UnlearningCost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  return {
    gradientRows: sum((cost) => cost.gradientRows),
    hessianVectorProducts: sum((cost) => cost.hessianVectorProducts),
    incidentRows: costs.some(({ incidentRows }) => incidentRows === null)
      ? null
      : sum((cost) => cost.incidentRows ?? 0),
    rowsTouched: sum((cost) => cost.rowsTouched),
  };
}

/** The seconds of some answers together, by stage. */
export function secondsOf(costs: readonly UnlearningCost[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { seconds } of costs)
    for (const [stage, spent] of Object.entries(seconds)) total[stage] = (total[stage] ?? 0) + spent;
  return total;
}
