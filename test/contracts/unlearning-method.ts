import { beforeAll, describe, expect, it } from "vitest";
import { CancelledError, InvalidOptionError, setCurrentSignal } from "../../lib/core";
import { generateInteractions, type IfruSplit, ifruSplit, randomRows, selectRows } from "../../lib/data";
import { liveWorkspaces } from "../../lib/engine";
import { forgetAuc } from "../../lib/metrics";
import type { ReplaceableParameters } from "../../lib/models";
import { applyUpdate, type UnlearningRequest, type UnlearningResult } from "../../lib/training";

/** A request against an original, with the options a method is tried with. */
type Unlearn<M> = (original: M, request: UnlearningRequest, extra?: object) => Promise<UnlearningResult<M, unknown>>;

/** What the shared suite needs to know of a method. */
export interface MethodUnderTest<M extends ReplaceableParameters<M>> {
  /** Trains the original, the same every time. */
  original(split: IfruSplit): Promise<M>;
  /** Prepares if need be, and returns how to unlearn; `extra` joins the method's options. */
  prepare(original: M, split: IfruSplit): Promise<Unlearn<M>>;
  /** Whether the method trains on the retained rows alone, so that the forgotten ones cannot matter. */
  retainOnly: boolean;
}

/** What every method must do. A new one passes by one line: `describeMethod("name", { … })`. */
export function describeMethod<M extends ReplaceableParameters<M>>(name: string, subject: MethodUnderTest<M>): void {
  describe(`${name} as an unlearning method`, () => {
    let split: IfruSplit;
    let original: M;
    let unlearn: Unlearn<M>;
    let request: UnlearningRequest;
    let before: string[];
    beforeAll(async () => {
      const generated = generateInteractions({ userCount: 300, itemCount: 120, interactionsPerUser: 50, noise: 0.3 });
      split = ifruSplit(generated, { forgetFraction: 0.05 });
      original = await subject.original(split);
      unlearn = await subject.prepare(original, split);
      request = { name: "5%", train: split.train, forgetRows: split.forgetRows };
      before = bytes(original);
    });
    const bytes = (model: M) =>
      model.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));
    const after = async (some: UnlearningRequest): Promise<M> =>
      applyUpdate(original, (await unlearn(original, some)).update);
    let answered: Promise<UnlearningResult<M, unknown>> | undefined;
    /** The answer to the request, which is what every further one is to be: methods are asked as seldom as will do. */
    const answer = () => (answered ??= unlearn(original, request));
    const answeredModel = async (): Promise<M> => applyUpdate(original, (await answer()).update);

    it("is the identity when nothing is to be forgotten", async () => {
      const nothing = { ...request, forgetRows: new Int32Array(0) };
      expect(bytes(await after(nothing))).toEqual(bytes(original));
    });

    it("gives the same bytes twice, whatever was asked between, and leaves the original as it was", async () => {
      const first = bytes(await answeredModel());
      await after({ ...request, name: "another", forgetRows: randomRows(split.train, 0.02, 7) });
      expect(bytes(await after(request))).toEqual(first);
      expect(first).not.toEqual(before);
      expect(bytes(original)).toEqual(before);
    });

    it("forgets: it ranks the mislabelled rows more truly than the original", async () => {
      const { user, item } = selectRows(split.train, split.forgetRows);
      const truth = (model: M) => forgetAuc(model.score(user, item), split.trueLabel, split.forgetRows) ?? NaN;
      expect(truth(await answeredModel())).toBeGreaterThan(truth(original) + 0.03);
    });

    it("counts what it did", async () => {
      const { cost } = await answer();
      expect(Object.keys(cost.seconds).length).toBeGreaterThan(0);
      for (const seconds of Object.values(cost.seconds)) expect(seconds).toBeGreaterThanOrEqual(0);
      for (const count of [cost.gradientRows, cost.hessianVectorProducts, cost.incidentRows ?? 0, cost.rowsTouched])
        expect(Number.isInteger(count) && count >= 0).toBe(true);
    });

    it("refuses an option it does not know", async () => {
      await expect(unlearn(original, request, { dampning: 1 })).rejects.toThrow(InvalidOptionError);
    });

    it("stops by name when it is interrupted, and leaves no workspace behind", async () => {
      const before = liveWorkspaces();
      setCurrentSignal(AbortSignal.abort());
      try {
        await expect(unlearn(original, request)).rejects.toThrow(CancelledError);
      } finally {
        setCurrentSignal(undefined);
      }
      expect(liveWorkspaces()).toBe(before);
    });

    if (subject.retainOnly)
      it("never sees a forgotten row", async () => {
        const expected = bytes(await answeredModel());
        const { label } = split.train;
        const kept = label.slice();
        for (const row of split.forgetRows) label[row] = NaN; // in place: a preparation knows its rows
        try {
          expect(bytes(await after(request))).toEqual(expected);
        } finally {
          label.set(kept);
        }
      });
  });
}
