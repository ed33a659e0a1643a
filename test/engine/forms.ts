import { expect } from "vitest";
import { withChecks } from "../../lib/engine/checks";
import type { Operations } from "../../lib/engine/operations";
import { referenceOperations } from "../../lib/engine/reference";
import { loadSimdEngine } from "../../lib/engine/simd";
import type { OperationArray } from "../../lib/engine/arrays";
import { ArrayWorkspace, type Workspace } from "../../lib/engine/workspace";

/** One implementation of the operations and a way to make arrays for it. */
export interface Form {
  readonly name: string;
  readonly operations: Operations;
  readonly workspace: () => Workspace;
}

const simd = loadSimdEngine();
export const simdForm: Form = {
  name: "simd",
  operations: withChecks(simd.operations),
  workspace: () => new ArrayWorkspace(simd.memory),
};
const referenceForm: Form = {
  name: "reference",
  operations: withChecks(referenceOperations),
  workspace: () => new ArrayWorkspace(undefined),
};
export const forms = [simdForm, referenceForm];

/** Runs one piece of work on both forms and returns what each left in the arrays it returned. */
export function onBothForms(
  work: (operations: Operations, put: <T extends OperationArray>(array: T) => T) => (OperationArray | number)[],
): { simd: (OperationArray | number)[]; reference: (OperationArray | number)[] } {
  const [fromSimd, fromReference] = forms.map((form) => {
    const workspace = form.workspace();
    try {
      const results = work(form.operations, (array) => workspace.copyOf(array));
      return results.map((result) => (typeof result === "number" ? result : result.slice()));
    } finally {
      workspace.dispose();
    }
  });
  return { simd: fromSimd, reference: fromReference };
}

/**
 * How far two results may be apart: `relative` times the largest element, plus `absolute` (what cancellation leaves).
 */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

const rounding: Tolerance = { relative: 1e-5, absolute: 2e-6 };

/** Both forms leave the same, up to float32 rounding. */
export function expectSame(work: Parameters<typeof onBothForms>[0], tolerance: Partial<Tolerance> = {}): void {
  const { simd, reference } = onBothForms(work);
  reference.forEach((expected, n) => expectClose(simd[n], expected, { ...rounding, ...tolerance }));
}

/** @param tolerance a number is relative */
export function expectClose(
  actual: OperationArray | number,
  expected: ArrayLike<number> | number,
  tolerance: Tolerance | number,
): void {
  const a = typeof actual === "number" ? [actual] : Array.from(actual);
  const e = typeof expected === "number" ? [expected] : Array.from(expected);
  const { relative, absolute } = typeof tolerance === "number" ? { relative: tolerance, absolute: 1e-30 } : tolerance;
  expect(a.length).toBe(e.length);
  const largest = (values: number[]) =>
    values.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
  const scale = largest(e.map(Math.abs));
  const worst = largest(e.map((value, k) => Math.abs(value - a[k])));
  expect(worst, `the largest element is ${scale}`).toBeLessThanOrEqual(absolute + relative * scale);
}
